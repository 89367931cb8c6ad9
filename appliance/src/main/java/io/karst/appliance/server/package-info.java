/**
 * Sockets and event loops: where connections come from. Knows the protocol's connection, not what commands do.
 * Read {@link io.karst.appliance.server.Server} first.
 */
@NullMarked
package io.karst.appliance.server;

import org.jspecify.annotations.NullMarked;
