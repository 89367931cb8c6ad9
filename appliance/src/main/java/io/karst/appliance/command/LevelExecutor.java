package io.karst.appliance.command;

import io.karst.appliance.replication.LevelRequests;
import io.karst.protocol.BinaryCommand;
import io.karst.protocol.BinaryStatus;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Command;
import io.karst.protocol.MetaFlags;
import io.karst.protocol.Opcode;
import io.karst.protocol.Progress;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyWriter;
import io.karst.replication.Level;
import io.karst.replication.LoopOutbox;
import org.jspecify.annotations.Nullable;

/**
 * Holds the answers of requests above level one back until enough peers have answered; part of one loop's {@link
 * CommandExecutor}. The connection waits meanwhile, so pipelined answers keep their order; others go on. Allocates for
 * requests that wait, and for no others. Source: REQUIREMENTS CON-1 to CON-4.
 *
 * <p>A write is done here first, whatever becomes of it elsewhere: after {@code SERVER_ERROR no quorum} it is here, may be on any
 * number of other nodes, and still spreads.
 */
public final class LevelExecutor {
    private static final long CHANGING_GET =
            MetaFlags.bit('N') | MetaFlags.bit('R') | MetaFlags.bit('T') | MetaFlags.bit('E');

    private final LevelRequests requests;
    private final LoopOutbox outbox;

    /** For a loop with this outbox. */
    public LevelExecutor(LevelRequests requests, LoopOutbox outbox) {
        this.requests = requests;
        this.outbox = outbox;
    }

    Progress execute(Command command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        boolean isMeta = command.opcode().isMeta();
        Level level = requests.writeLevel();
        if (isMeta && command.meta().has('L')) {
            Level asked = level(command.meta().text('L'));
            if (asked == null) {
                replies.line(Reply.LEVEL_UNKNOWN);
                return Progress.DONE;
            }
            level = asked;
            if (command.opcode() == Opcode.META_GET) {
                return read(level, command, replies, connection, executor);
            }
        }
        if (!isAbove(level) || !isWrite(command.opcode()) || replies.isSuppressed()) {
            return executor.executeHere(command, replies, connection);
        }
        long mark = replies.mark();
        replies.line(Reply.NO_QUORUM);
        LevelRequests.Write write = begin(level, replies.takeFrom(mark), connection, executor);
        Progress progress = executor.executeHere(command, replies, connection);
        return end(write, mark, replies, progress);
    }

    Progress execute(
            BinaryCommand command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        Level level = requests.writeLevel();
        if (!isAbove(level) || !isWrite(command)) {
            return executor.executeHere(command, replies, connection);
        }
        long mark = replies.mark();
        replies.binaryError(command, BinaryStatus.TEMPORARY_FAILURE);
        LevelRequests.Write write = begin(level, replies.takeFrom(mark), connection, executor);
        Progress progress = executor.executeHere(command, replies, connection);
        return end(write, mark, replies, progress);
    }

    private LevelRequests.Write begin(
            Level level, byte[] failure, ClientConnection connection, CommandExecutor executor) {
        LevelRequests.Write write = requests.beginWrite(failure, connection);
        outbox.beginLevel(level, write.token(), requests.deadlineMs(executor.nowMicros()));
        return write;
    }

    private Progress end(LevelRequests.Write write, long mark, ReplyWriter replies, Progress progress) {
        return switch (outbox.endLevel()) {
            case NOTHING -> {
                requests.forget(write);
                yield progress;
            }
            case DONE -> {
                write.answer(replies.takeFrom(mark));
                yield Progress.SUSPENDED;
            }
            case LOST -> {
                requests.forget(write);
                replies.takeFrom(mark);
                replies.bytes(write.failure());
                yield Progress.DONE;
            }
        };
    }

    private Progress read(
            Level level, Command command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        if (level == Level.ANY) {
            replies.line(Reply.LEVEL_ANY_OF_READ);
            return Progress.DONE;
        }
        if (level == Level.ONE) {
            return executor.executeHere(command, replies, connection);
        }
        if (command.meta().hasAny(CHANGING_GET)) {
            replies.line(Reply.LEVEL_OF_CHANGING_GET);
            return Progress.DONE;
        }
        LevelGet get = new LevelGet(command, executor.session().nowSeconds());
        requests.read(command.keyAddress(), command.keyLength(), level, executor.nowMicros(), (isReached, newest) -> {
            get.found(isReached, newest);
            connection.resume(get);
        });
        return Progress.SUSPENDED;
    }

    private static boolean isAbove(Level level) {
        return level == Level.QUORUM || level == Level.ALL;
    }

    private static boolean isWrite(Opcode opcode) {
        return switch (opcode) {
            case SET, ADD, REPLACE, APPEND, PREPEND, CAS, DELETE, INCR, DECR, TOUCH -> true;
            case META_SET, META_DELETE, META_ARITHMETIC -> true;
            default -> false;
        };
    }

    private static boolean isWrite(BinaryCommand command) {
        return switch (command.action()) {
            case SET, ADD, REPLACE, APPEND, PREPEND, DELETE, INCREMENT, DECREMENT, TOUCH -> true;
            default -> false;
        };
    }

    private static @Nullable Level level(@Nullable String word) {
        return switch (word == null ? "" : word) {
            case "one" -> Level.ONE;
            case "quorum" -> Level.QUORUM;
            case "all" -> Level.ALL;
            case "any" -> Level.ANY;
            default -> null;
        };
    }
}
