/**
 * The memcached wire: bytes of one connection in, commands out, replies back, on one event loop and without objects on
 * the way. The package knows no store; whoever executes commands implements {@link io.karst.protocol.CommandHandler}.
 *
 * <p>Read {@link io.karst.protocol.MemcacheConnection} first.
 */
@NullMarked
package io.karst.protocol;

import org.jspecify.annotations.NullMarked;
