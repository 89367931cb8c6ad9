/**
 * Commands meet items: the adapter between the protocol, which knows no store, and the store, which knows no protocol.
 * Read {@link io.karst.appliance.command.CommandExecutor} first.
 */
@NullMarked
package io.karst.appliance.command;

import org.jspecify.annotations.NullMarked;
