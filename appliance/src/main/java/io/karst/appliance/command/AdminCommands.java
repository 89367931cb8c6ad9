package io.karst.appliance.command;

import io.karst.protocol.BinaryCommand;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Command;
import io.karst.protocol.Progress;
import io.karst.protocol.ReplyWriter;

/**
 * What the executor does not do itself: commands that concern the server rather than items. Cold path; called on the
 * event loop of the asking connection, so nothing here may block.
 */
public interface AdminCommands {
    /** Answers a command of shape ADMIN that is not {@code flush_all}. */
    Progress execute(Command command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor);

    /** Answers {@code stat} of the binary protocol. */
    Progress binaryStat(
            BinaryCommand command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor);

    /** What {@code version} answers. */
    String version();
}
