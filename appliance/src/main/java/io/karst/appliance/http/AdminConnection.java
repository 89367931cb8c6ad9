package io.karst.appliance.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.stream.ChunkedNioFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the admin port: takes a request, has a worker make the answer, sends it, takes the next. Nothing is read
 * while an answer is made. On the thread of the admin port only.
 */
final class AdminConnection extends SimpleChannelInboundHandler<HttpObject> {
    private static final System.Logger LOGGER = System.getLogger(AdminConnection.class.getName());

    /** From the connect to the end of the first request. */
    private static final long FIRST_REQUEST_SECONDS = 10;
    /** From an answer to the end of the next request; more than the minute that Prometheus waits between two by default. */
    private static final long NEXT_REQUEST_SECONDS = 75;
    /** A client that was refused in mid-sentence has so long to read why. */
    private static final long LINGER_SECONDS = 2;

    private final AdminServer server;
    private @Nullable Future<?> deadline;
    private boolean isWaiting;
    private boolean isEnding;

    /** Requests that came with the one that is being answered: as many as {@link AdminServer#READ_BYTES} can hold. */
    private final Queue<HttpRequest> pipelined = new ArrayDeque<>();

    AdminConnection(AdminServer server) {
        this.server = server;
    }

    /** Whether it holds no answer up: it may be closed to make room. */
    boolean isWaiting() {
        return isWaiting;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        server.admit(this, context.channel());
        await(context, FIRST_REQUEST_SECONDS);
    }

    private void await(ChannelHandlerContext context, long seconds) {
        isWaiting = true;
        server.waits(this);
        closeIn(context, seconds);
        context.read();
    }

    private void closeIn(ChannelHandlerContext context, long seconds) {
        cancelDeadline();
        deadline = context.executor().schedule(() -> close(context), seconds, TimeUnit.SECONDS);
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
        if (isEnding) {
            return;
        }
        if (message instanceof HttpRequest request) {
            if (isWaiting) {
                take(context, request);
            } else {
                pipelined.add(request);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (isWaiting && !isEnding) {
            context.read();
        }
    }

    private void take(ChannelHandlerContext context, HttpRequest request) {
        isWaiting = false;
        cancelDeadline();
        server.counters().requests.increment();
        DecoderResult decoded = request.decoderResult();
        if (decoded.isFailure()) {
            write(context, malformed(decoded.cause()), false);
        } else {
            try {
                takeWellFormed(context, request);
            } catch (IllegalArgumentException e) {
                write(context, malformed(e), false);
            }
        }
    }

    /** Throws IllegalArgumentException when the escapes of the path are wrong, or the length. */
    private void takeWellFormed(ChannelHandlerContext context, HttpRequest request) {
        if (HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) > 0) {
            write(context, Answer.failure(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "No page takes a body."), false);
            return;
        }
        boolean isKept =
                HttpUtil.isKeepAlive(request) && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        Routes.Parameters parameters = new Routes.Parameters(uri.parameters());
        Routes.Route route = server.routes().at(uri.path());
        Answer refusal = refusal(request, route);
        if (refusal != null || route == null) {
            write(context, refusal == null ? notFound() : refusal, isKept);
        } else {
            answer(context, route, parameters, isKept);
        }
    }

    private static Answer malformed(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return Answer.failure(HttpResponseStatus.REQUEST_URI_TOO_LONG, "The first line is too long.");
        }
        return cause instanceof TooLongHttpHeaderException
                ? Answer.failure(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The header is too long.")
                : Answer.failure(HttpResponseStatus.BAD_REQUEST, "Not a request of HTTP.");
    }

    private @Nullable Answer refusal(HttpRequest request, Routes.@Nullable Route route) {
        if (route == null) {
            return null;
        }
        return route.takes(request.method())
                ? server.doorkeeper().refusal(request, route)
                : Answer.failure(HttpResponseStatus.METHOD_NOT_ALLOWED, "Use " + route.allow() + ".")
                        .with(HttpHeaderNames.ALLOW, route.allow());
    }

    private static Answer notFound() {
        return Answer.failure(HttpResponseStatus.NOT_FOUND, "There is no such page. / is the console.");
    }

    private void answer(
            ChannelHandlerContext context, Routes.Route route, Routes.Parameters parameters, boolean isKept) {
        try {
            server.work(() -> {
                if (context.channel().isActive()) {
                    Answer answer = answer(route, parameters);
                    context.executor().execute(() -> write(context, answer, isKept));
                }
            });
        } catch (RejectedExecutionException e) {
            write(context, Answer.failure(HttpResponseStatus.SERVICE_UNAVAILABLE, "Too many ask at once."), false);
        }
    }

    private static Answer answer(Routes.Route route, Routes.Parameters parameters) {
        try {
            return route.page().answer(parameters);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.failure(HttpResponseStatus.SERVICE_UNAVAILABLE, "The server stops.");
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "Could not answer " + route.path(), e);
            return Answer.failure(HttpResponseStatus.INTERNAL_SERVER_ERROR, "That failed; the log says why.");
        }
    }

    private void write(ChannelHandlerContext context, Answer answer, boolean isKept) {
        ChannelFuture written;
        try {
            if (!context.channel().isActive()) {
                drop(answer);
                return;
            }
            written = answer.file() == null ? writeBody(context, answer, isKept) : writeFile(context, answer, isKept);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Could not read {0}: {1}", answer.file(), e.toString());
            close(context);
            return;
        }
        written.addListener(done -> {
            if (!done.isSuccess()) {
                close(context);
            } else if (isKept) {
                next(context);
            } else {
                end(context);
            }
        });
    }

    private void next(ChannelHandlerContext context) {
        HttpRequest request = pipelined.poll();
        if (request == null) {
            await(context, NEXT_REQUEST_SECONDS);
        } else {
            server.waits(this);
            take(context, request);
        }
    }

    private static void drop(Answer answer) throws IOException {
        if (answer.file() != null) {
            Files.delete(answer.file());
        }
    }

    private static ChannelFuture writeBody(ChannelHandlerContext context, Answer answer, boolean isKept) {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        HttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, answer.status(), Unpooled.wrappedBuffer(body));
        addHeaders(response, answer, body.length, isKept);
        return context.writeAndFlush(response);
    }

    /** The file has no name from here on, and so is gone as soon as it is closed, whether it was sent or not. */
    private static ChannelFuture writeFile(ChannelHandlerContext context, Answer answer, boolean isKept)
            throws IOException {
        Path path = Objects.requireNonNull(answer.file());
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, answer.status());
        addHeaders(response, answer, file.size(), isKept);
        var unused = context.write(response);
        return context.writeAndFlush(new HttpChunkedInput(new ChunkedNioFile(file)));
    }

    private static void addHeaders(HttpResponse response, Answer answer, long length, boolean isKept) {
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        headers.set(HttpHeaderNames.CONTENT_LENGTH, length);
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'");
        headers.set(HttpHeaderNames.X_FRAME_OPTIONS, "DENY");
        headers.set("x-content-type-options", "nosniff");
        headers.set("referrer-policy", "no-referrer");
        headers.set("cross-origin-resource-policy", "same-origin");
        answer.headers().forEach(headers::set);
        HttpUtil.setKeepAlive(response, isKept);
    }

    /** Says that nothing more will come, and waits for the client to do so: a close amid its words would undo the answer. */
    private void end(ChannelHandlerContext context) {
        isEnding = true;
        isWaiting = true;
        if (context.pipeline().get(SslHandler.class) == null && context.channel() instanceof DuplexChannel socket) {
            var unused = socket.shutdownOutput();
            socket.config().setAutoRead(true);
            closeIn(context, LINGER_SECONDS);
        } else {
            close(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        cancelDeadline();
        server.gone(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOGGER.log(Level.DEBUG, "Admin connection closed: {0}", cause.toString());
        close(context);
    }

    private static void close(ChannelHandlerContext context) {
        var unused = context.close();
    }
}
