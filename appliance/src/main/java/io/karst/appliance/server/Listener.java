package io.karst.appliance.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A TCP address to listen on.
 *
 * @param address port 0 takes any free port
 * @param tls makes what decrypts a new connection, or null for connections in clear; called on the connection's loop
 */
public record Listener(InetSocketAddress address, @Nullable Function<ByteBufAllocator, SslHandler> tls) {
    /** One without TLS. */
    public static Listener inClear(InetSocketAddress address) {
        return new Listener(address, null);
    }
}
