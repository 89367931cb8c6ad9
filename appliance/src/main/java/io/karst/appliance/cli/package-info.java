/**
 * The commands of {@code karst} that ask a running server or read its latency logs: stats, top, latency, get, set, delete. Read
 * {@link io.karst.appliance.cli.ClientCommands} first.
 */
@NullMarked
package io.karst.appliance.cli;

import org.jspecify.annotations.NullMarked;
