package io.karst.appliance.tls;

import io.karst.protocol.LoopContext;
import io.karst.protocol.WireCounter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.lang.System.Logger.Level;
import javax.net.ssl.SSLException;

/**
 * Stands between decryption and the connection, so that the connection sees a socket: a client's close_notify is the end of
 * its input, and what goes wrong with TLS is counted and closed instead of being one of our bugs. Loop thread only.
 */
public final class TlsEvents extends ChannelInboundHandlerAdapter {
    private static final System.Logger LOGGER = System.getLogger(TlsEvents.class.getName());

    private final LoopContext loop;

    /** For one connection of a loop. */
    public TlsEvents(LoopContext loop) {
        this.loop = loop;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                acknowledgeAtOnce(context.channel());
            }
            // A client that only connects and leaves, as health checks do, comes here with another cause.
            if (handshake.cause() instanceof SSLException) {
                count(context, handshake.cause());
            }
        } else if (event instanceof SslCloseCompletionEvent close) {
            if (close.isSuccess()) {
                context.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            }
        } else {
            super.userEventTriggered(context, event);
        }
    }

    /**
     * The client's last word of the handshake has no answer that could carry its acknowledgement. A client without
     * TCP_NODELAY holds its first request back until it comes, which were 40 ms.
     */
    private static void acknowledgeAtOnce(Channel channel) {
        boolean isEpoll = channel.config().setOption(EpollChannelOption.TCP_QUICKACK, true);
        if (!isEpoll) {
            channel.config().setOption(IoUringChannelOption.TCP_QUICKACK, true);
        }
    }

    private void count(ChannelHandlerContext context, Throwable cause) {
        loop.counters().increment(WireCounter.TLS_HANDSHAKE_ERRORS);
        if (cause instanceof NotSslRecordException) {
            loop.counters().increment(WireCounter.MALFORMED);
        }
        LOGGER.log(Level.DEBUG, "No TLS with {0}: {1}", context.channel().remoteAddress(), cause.getMessage());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        Throwable root = cause instanceof DecoderException ? cause.getCause() : cause;
        if (root instanceof SSLException) {
            var unused = context.close();
        } else {
            super.exceptionCaught(context, cause);
        }
    }
}
