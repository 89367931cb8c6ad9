package io.karst.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.OutOfDirectMemoryError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One client: the last handler of its pipeline, and the only one unless TLS stands before it. Parses straight from the read buffer's address, has the loop's
 * {@link CommandHandler} execute, and sends all replies of a read burst with one flush. Hot path: no allocation.
 *
 * <p>Loop thread only, {@link #resume} and {@link #id} excepted.
 */
public final class MemcacheConnection extends ChannelInboundHandlerAdapter implements ClientConnection, ReplyOutlet {
    /*
     * Bytes that cannot be used yet stay in `held`; whatever stops the connection is a bit in `stopped`, and work() runs
     * until one of them is set or the bytes are used up:
     *
     *   UNWRITABLE  the client does not read           until channelWritabilityChanged; we do not read either
     *   YIELDED     -R requests ran, or a producer's   until the loop has served the others; replies wait for the
     *               turn is over                       end of the burst, unless they fill a buffer
     *   SUSPENDED   an answer comes from elsewhere     until resumed() through the loop's inbox
     *   PRODUCING   a ReplyProducer is not done        until it is
     *   ASLEEP      it has nothing to say              until wake()
     *   CLOSING     nothing is parsed any more, what was answered goes out
     *   CLOSED      the channel is gone
     *
     * A command's bytes are consumed when it is executed, so MORE needs no bookkeeping: the reader index stays in front of
     * it, or, in a retrieval, moves to the first key that was not answered (`lineOpcode`, `lineBytes`).
     *
     * A command whose value is not complete is collected, line and all, in a buffer of exactly its length (`staging`), and
     * decoded once more when it is all there: the loop's Command serves others meanwhile. Where StagingReceiver is in use the
     * socket's bytes go there directly, and channelRead gets `staging` itself.
     */
    private static final int UNWRITABLE = 1;
    private static final int YIELDED = 1 << 1;
    private static final int SUSPENDED = 1 << 2;
    private static final int PRODUCING = 1 << 3;
    private static final int CLOSING = 1 << 4;
    private static final int CLOSED = 1 << 5;
    private static final int ASLEEP = 1 << 6;
    private static final int NO_WORK = UNWRITABLE | YIELDED | ASLEEP | CLOSING | CLOSED;

    /** A stopped connection holds this much input before it stops reading from the network. */
    private static final int HELD_MAX = 64 << 10;

    /** Longest name of a SASL mechanism. */
    private static final int MECHANISM_MAX = 32;

    private static final int MIN_HELD_CAPACITY = 256;
    private static final int BINARY_RESPONSE = 0x81;
    private static final int TLS_HANDSHAKE = 0x16;
    /** A value's bytes that earn one more second of {@link ProtocolLimits#partialCommandNs}. */
    private static final int BYTES_PER_SECOND = 64 << 10;

    private static final long SECOND_NS = 1_000_000_000L;
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final LoopContext loop;
    private final ProtocolLimits limits;
    private final Command command;
    private final ReplyWriter replies;
    private final CommandHandler handler;
    private final LoopCounters counters;
    private final Runnable yieldedWork = this::workAfterYield;
    private CloseReason closeReason = CloseReason.NORMAL;

    private @Nullable ChannelHandlerContext context;
    private int place = -1;
    private int stopped;
    private boolean isWorking;
    private boolean isBurstOpen;
    private boolean isYieldScheduled;
    private boolean isSniffed;
    private boolean isInputClosed;
    private boolean isDraining;
    private boolean needsFlush;
    private int requestsLeft;

    private @Nullable ByteBuf held;
    private int scannedBytes;
    private long swallowBytes;

    /** Opcode of the retrieval whose line has begun, and what of the line is left, newline included. */
    private @Nullable Opcode lineOpcode;

    private int lineExptime;
    private int lineBytes;

    private @Nullable ByteBuf staging;
    /** How many of its bytes are counted as read. */
    private int stagedBytes;

    /** How much of the collected command was scanned before: its newline is right behind. */
    private int stagedScanned;

    private boolean isBinary;
    /** The opaque of the statistics under way. */
    private int statOpaque;

    private @Nullable SaslExchange exchange;

    /** There until the client has logged in, on a server that wants it to. */
    private @Nullable TextLogin login;

    private boolean suspendedNoreply;
    private @Nullable Continuation continuation;
    private @Nullable ReplyProducer producer;

    private boolean hasProgressed;
    private long partialBytes;
    private long partialSinceNs;
    private boolean isPartial;
    private long unwritableSinceNs;
    private long lastReadNs;
    private long lastCommandNs;

    /** A connection of one loop; add it to the pipeline of a channel of that loop. */
    public MemcacheConnection(LoopContext loop) {
        this.loop = loop;
        this.limits = loop.limits();
        this.command = loop.command;
        this.replies = loop.replies;
        this.handler = loop.handler();
        this.counters = loop.counters();
        PasswordCheck passwords = loop.access().passwords();
        this.login = passwords == null ? null : new TextLogin(passwords);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        if (ctx.channel().isActive()) {
            open(ctx);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        open(ctx);
    }

    private void open(ChannelHandlerContext ctx) {
        if (place < 0 && (stopped & CLOSED) == 0) {
            lastReadNs = loop.refreshClock();
            lastCommandNs = lastReadNs;
            place = loop.opened(this, ctx.executor());
            handler.opened(this);
            WireLog log = loop.wireLog;
            if (log != null) {
                log.opened(this);
            }
        }
    }

    void moved(int newPlace) {
        place = newPlace;
    }

    /**
     * What the channel should read into, so that long values need no copy; {@code others} for everything that is not part of
     * one. For a channel that reads on readiness and has no other handler in front of this one.
     */
    public RecvByteBufAllocator receiver(RecvByteBufAllocator others) {
        return new StagingReceiver(this, others);
    }

    /** The buffer of the command that is being collected, retained, or null when the next bytes belong elsewhere. */
    @Nullable
    ByteBuf unfilledStaging() {
        ByteBuf target = staging;
        return target == null || held != null || stopped != 0 ? null : target.retain();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf received = (ByteBuf) message;
        Object collecting = staging;
        if (message == collecting) {
            received.release();
            counters.add(WireCounter.BYTES_READ, received.writerIndex() - stagedBytes);
            stagedBytes = received.writerIndex();
            workOnInput(null);
            return;
        }
        counters.add(WireCounter.BYTES_READ, received.readableBytes());
        if ((stopped & (CLOSING | CLOSED)) != 0 || !received.isReadable()) {
            received.release();
            return;
        }
        workOnInput(received);
    }

    /** Works on bytes that arrived: these, or null when they are in the staging buffer already. */
    private void workOnInput(@Nullable ByteBuf received) {
        try {
            if (received != null) {
                hold(received);
            }
            openBurst();
        } catch (Throwable cause) {
            failed(cause);
            return;
        }
        lastReadNs = loop.nowNs();
        work();
        if (stopped != 0 || isInputClosed) {
            pause();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (isBurstOpen) {
            closeBurst();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (!isWorking && (stopped & UNWRITABLE) != 0 && ctx.channel().isWritable()) {
            workAsBurst(UNWRITABLE);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            // The client will say no more, but it may still be owed answers.
            isInputClosed = true;
            workAsBurst(0);
        } else {
            ReferenceCountUtil.release(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dispose();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        dispose();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            // Reset by peer, and its relatives: no news.
            closeReason = CloseReason.ERROR;
            closeNow();
        } else {
            failed(cause);
        }
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public LoopContext loop() {
        return loop;
    }

    @Override
    public void resume(Continuation next) {
        loop.post(this, next, channelContext().executor());
    }

    @Override
    public void produce(ReplyProducer next) {
        if (producer != null) {
            throw new IllegalStateException("one producer at a time");
        }
        producer = next;
    }

    @Override
    public void wake() {
        try {
            channelContext().executor().execute(this::awake);
        } catch (RejectedExecutionException e) {
            // The loop has shut down, and the connection with it.
        }
    }

    private void awake() {
        if ((stopped & ASLEEP) != 0) {
            workAsBurst(ASLEEP);
        }
    }

    @Override
    public void closeAfterReplies() {
        if ((stopped & (CLOSING | CLOSED)) != 0) {
            return;
        }
        stop(CLOSING);
        unwritableSinceNs = loop.nowNs();
        if (!isWorking && !isBurstOpen) {
            flushAndClose();
        }
    }

    /** Reads no more, answers what has been received, pipelined commands included, and closes then. */
    void drain() {
        if ((stopped & (CLOSING | CLOSED)) == 0) {
            isDraining = true;
            isInputClosed = true;
            closeReason = CloseReason.SHUTDOWN;
            workAsBurst(0);
        }
    }

    @Override
    public String remoteName() {
        return name(channelContext().channel().remoteAddress());
    }

    @Override
    public String localName() {
        return name(channelContext().channel().localAddress());
    }

    private static String name(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String host = inet.getAddress().getHostAddress();
            return host.indexOf(':') < 0
                    ? "tcp:" + host + ":" + inet.getPort()
                    : "tcp6:[" + host + "]:" + inet.getPort();
        }
        return "unix:" + address;
    }

    @Override
    public String stateName() {
        if ((stopped & CLOSING) != 0) {
            return "conn_closing";
        }
        if ((stopped & UNWRITABLE) != 0) {
            return "conn_mwrite";
        }
        if ((stopped & PRODUCING) != 0) {
            return "conn_watch";
        }
        if ((stopped & SUSPENDED) != 0) {
            return "conn_io_queue";
        }
        return staging != null ? "conn_nread" : swallowBytes > 0 ? "conn_swallow" : "conn_read";
    }

    @Override
    public long lastCommandNs() {
        return lastCommandNs;
    }

    @Override
    public boolean isWritable() {
        return channelContext().channel().isWritable();
    }

    // With TLS what was written and not yet flushed waits in its handler and is not seen here; the flush that follows
    // sends it in order, and a buffer that does not come back from a flush is not used again.
    @Override
    public boolean isDrained() {
        ChannelOutboundBuffer waiting = channelContext().channel().unsafe().outboundBuffer();
        return waiting == null || waiting.totalPendingWriteBytes() == 0;
    }

    @Override
    public void write(ByteBuf buffer) {
        needsFlush = true;
        ChannelHandlerContext ctx = channelContext();
        var unused = ctx.write(buffer, ctx.voidPromise());
    }

    @Override
    public void flush() {
        if (needsFlush) {
            needsFlush = false;
            channelContext().flush();
        }
    }

    private void openBurst() {
        if (!isBurstOpen) {
            isBurstOpen = true;
            hasProgressed = false;
            requestsLeft = limits.requestsPerEvent();
            handler.onBurst(loop.refreshClock());
        }
        replies.attach(this);
    }

    private void closeBurst() {
        isBurstOpen = false;
        isWorking = true;
        // What a yield has left over belongs to the same burst of the client: one flush for both.
        replies.detach(this, (stopped & YIELDED) == 0 || (stopped & PRODUCING) != 0);
        if (!isWritable()) {
            flush();
        }
        isWorking = false;
        handler.afterBurst();
        if ((stopped & CLOSING) != 0) {
            flushAndClose();
            return;
        }
        if (!isWritable()) {
            stopUntilWritable();
        } else if ((stopped & UNWRITABLE) != 0) {
            // The last flush went through at once, and nobody will tell us again.
            stopped &= ~UNWRITABLE;
            letOthersGo();
        }
        if (isInputClosed && (stopped == 0 || stopped == (PRODUCING | ASLEEP))) {
            closeAfterReplies();
            return;
        }
        if (continuation != null && (stopped & NO_WORK) == 0) {
            // It came while this burst was flushed, from an executor that runs tasks inside of others.
            letOthersGo();
        }
        notePartial();
        pause();
        if ((stopped & YIELDED) != 0 && !isYieldScheduled) {
            isYieldScheduled = true;
            scheduleYieldedWork(channelContext().executor());
        }
    }

    /**
     * Netty runs a loop's tasks, and those that they add, for up to a second before it looks at the network again. Requests
     * that wait are used up long before; a producer may go on for as long as there are items, so its next turn is a timer's,
     * which comes after the network's.
     */
    private void scheduleYieldedWork(EventExecutor executor) {
        if ((stopped & PRODUCING) != 0) {
            var unused = executor.schedule(yieldedWork, 0, TimeUnit.NANOSECONDS);
        } else {
            executor.execute(yieldedWork);
        }
    }

    /** Works outside of a read: after a yield, when the client reads again, when an answer arrived. */
    private void workAsBurst(int noLonger) {
        stopped &= ~noLonger;
        if ((stopped & CLOSED) != 0) {
            return;
        }
        try {
            openBurst();
            work();
            closeBurst();
        } catch (Throwable cause) {
            failed(cause);
        }
    }

    private void workAfterYield() {
        isYieldScheduled = false;
        if ((stopped & YIELDED) != 0) {
            workAsBurst(YIELDED);
        }
    }

    void resumed(Continuation next) {
        if ((stopped & CLOSED) != 0 || (stopped & SUSPENDED) == 0) {
            next.abandoned();
            return;
        }
        continuation = next;
        if (!isWorking) {
            workAsBurst(0);
        }
    }

    private void stop(int why) {
        stopped |= why;
    }

    private void stopUntilWritable() {
        if ((stopped & UNWRITABLE) == 0) {
            stop(UNWRITABLE);
            unwritableSinceNs = loop.nowNs();
        }
    }

    /** Stops until the loop has served the others; the end of the burst arranges for it. */
    private void letOthersGo() {
        stop(YIELDED);
    }

    /** Stops reading from the network while the client does not read, or enough input waits; starts it again after. */
    private void pause() {
        ByteBuf waiting = held;
        boolean isFull = stopped != 0 && waiting != null && waiting.readableBytes() >= HELD_MAX;
        boolean wantsInput = !isFull && !isDraining && (stopped & (UNWRITABLE | CLOSING | CLOSED)) == 0;
        Channel channel = channelContext().channel();
        if (channel.config().isAutoRead() != wantsInput) {
            channel.config().setAutoRead(wantsInput);
        }
    }

    private void notePartial() {
        ByteBuf waiting = held;
        boolean isIncomplete = staging != null || swallowBytes > 0 || (waiting != null && waiting.isReadable());
        if (!isIncomplete || stopped != 0) {
            isPartial = false;
        } else if (!isPartial || hasProgressed) {
            isPartial = true;
            partialSinceNs = loop.nowNs();
            partialBytes = swallowBytes;
            if (staging != null) {
                partialBytes = staging.capacity();
            }
        }
    }

    /** Closes the connection if it broke a deadline; returns whether it did. */
    boolean enforceDeadlines(long nowNs) {
        boolean isStuck = (stopped & (UNWRITABLE | CLOSING)) != 0
                && limits.slowReaderNs() > 0
                && nowNs - unwritableSinceNs >= limits.slowReaderNs();
        if (isStuck || pendingBytes() > limits.slowReaderBytes() + limits.itemSizeMax()) {
            return kick(WireCounter.SLOW_READER_KICKS);
        }
        long partialNs = limits.partialCommandNs() + partialBytes / BYTES_PER_SECOND * SECOND_NS;
        if (isPartial && limits.partialCommandNs() > 0 && nowNs - partialSinceNs >= partialNs) {
            return kick(WireCounter.PARTIAL_KICKS);
        }
        if (stopped == 0 && limits.idleNs() > 0 && nowNs - lastReadNs >= limits.idleNs()) {
            return kick(WireCounter.IDLE_KICKS);
        }
        return false;
    }

    /** Output that the network has not taken yet, bytes. */
    long pendingBytes() {
        ChannelOutboundBuffer waiting = channelContext().channel().unsafe().outboundBuffer();
        return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }

    /** For how long the client has left its output full; -1 when it has not. */
    long unreadNs(long nowNs) {
        return (stopped & (UNWRITABLE | CLOSED)) == UNWRITABLE ? nowNs - unwritableSinceNs : -1;
    }

    void kickSlowReader() {
        var unused = kick(WireCounter.SLOW_READER_KICKS);
    }

    private boolean kick(WireCounter why) {
        counters.increment(why);
        closeReason = why == WireCounter.IDLE_KICKS ? CloseReason.IDLE_TIMEOUT : CloseReason.ERROR;
        closeNow();
        return true;
    }

    /** Takes over a received buffer, or its bytes when older ones still wait. */
    private void hold(ByteBuf received) {
        ByteBuf waiting = held;
        if (waiting == null && received.hasMemoryAddress()) {
            held = received;
            return;
        }
        int length = received.readableBytes();
        ByteBuf target = waiting == null ? null : waiting;
        try {
            if (target == null || target.writableBytes() < length || target.refCnt() > 1) {
                int oldLength = target == null ? 0 : target.readableBytes();
                target = loop.allocator.directBuffer(heldCapacity(oldLength + length));
                if (waiting != null) {
                    target.writeBytes(waiting);
                    waiting.release();
                }
                held = target;
            }
            target.writeBytes(received);
        } finally {
            received.release();
        }
    }

    /** Grows by doubling, so that a line which arrives in small pieces is not copied each time. */
    private static int heldCapacity(int length) {
        return Math.max(MIN_HELD_CAPACITY, Integer.highestOneBit(length) << 1);
    }

    /** Lets a used-up buffer go, and keeps only the bytes of one that is mostly used up. */
    private void trimHeld() {
        ByteBuf waiting = held;
        if (waiting == null) {
            return;
        }
        int length = waiting.readableBytes();
        if (length == 0) {
            held = null;
            waiting.release();
        } else if (stopped == 0 && length <= waiting.capacity() / 4 && waiting.capacity() > 2 * MIN_HELD_CAPACITY) {
            ByteBuf rest = loop.allocator.directBuffer(heldCapacity(length));
            rest.writeBytes(waiting);
            held = rest;
            waiting.release();
        }
    }

    /** Runs whatever is next until something stops the connection or nothing is left to do. */
    private void work() {
        if (isWorking) {
            return;
        }
        isWorking = true;
        try {
            while ((stopped & NO_WORK) == 0) {
                if (!replies.ready()) {
                    stopUntilWritable();
                } else if (stopped == 0) {
                    if (!parse()) {
                        break;
                    }
                } else if (continuation != null) {
                    proceed(continuation);
                } else if (producer != null) {
                    producePiece(producer);
                } else {
                    break;
                }
            }
            trimHeld();
        } catch (Throwable cause) {
            failed(cause);
        } finally {
            isWorking = false;
        }
    }

    private void proceed(Continuation next) {
        continuation = null;
        stopped &= ~SUSPENDED;
        replies.suppress(suspendedNoreply);
        replies.answerStats(isBinary, statOpaque);
        Progress progress = next.proceed(replies, this);
        replies.answerStats(false, 0);
        replies.suppress(false);
        if (progress == Progress.MORE) {
            continuation = next;
            stop(SUSPENDED);
            stopOrYield();
        } else {
            accept(progress, suspendedNoreply);
        }
    }

    private void producePiece(ReplyProducer next) {
        replies.answerStats(isBinary, statOpaque);
        boolean hasMore = next.produce(replies);
        replies.answerStats(false, 0);
        if (hasMore) {
            if (next.isIdle()) {
                stop(ASLEEP);
            } else {
                stopOrYield();
            }
            return;
        }
        producer = null;
        stopped &= ~PRODUCING;
        next.close();
    }

    /** Lets the client read first, or at least the other connections run. */
    private void stopOrYield() {
        if (isWritable()) {
            letOthersGo();
        } else {
            stopUntilWritable();
        }
    }

    private void accept(Progress progress, boolean noreply) {
        switch (progress) {
            case DONE -> {}
            case SUSPENDED -> {
                counters.increment(WireCounter.SUSPENDED_COMMANDS);
                suspendedNoreply = noreply;
                stop(SUSPENDED);
            }
            case PRODUCING -> {
                if (producer == null) {
                    throw new IllegalStateException("PRODUCING without a producer");
                }
                stop(PRODUCING);
            }
            case MORE -> throw new AssertionError("handled before");
        }
    }

    /** One step through the input; false when more bytes are needed. */
    private boolean parse() {
        ByteBuf in = held;
        ByteBuf collecting = staging;
        if (collecting != null) {
            return parseStaged(in, collecting);
        }
        if (in == null || !in.isReadable()) {
            return false;
        }
        if (swallowBytes > 0) {
            int length = (int) Math.min(swallowBytes, in.readableBytes());
            in.skipBytes(length);
            swallowBytes -= length;
            hasProgressed |= swallowBytes == 0;
            return true;
        }
        if (requestsLeft <= 0) {
            counters.increment(WireCounter.CONN_YIELDS);
            letOthersGo();
            return true;
        }
        long base = in.memoryAddress();
        long from = base + in.readerIndex();
        if (!isSniffed && !sniff(RawBytes.get(from) & 0xff)) {
            logClosing(in, from);
            return true;
        }
        TextLogin needed = login;
        if (needed != null) {
            return logIn(needed, in, base);
        }
        WireLog log = loop.wireLog;
        if (isBinary) {
            return log == null ? parseBinary(in, base, from) : parseBinaryLogged(log, in, base, from);
        }
        return (log != null && log.isFull()) ? parseLogged(log, in, base, from) : parseText(in, base, from);
    }

    private boolean parseStaged(@Nullable ByteBuf in, ByteBuf target) {
        long mark = replies.mark();
        boolean isWhole = collect(in, target);
        WireLog log = loop.wireLog;
        if (isWhole && log != null && log.isFull()) {
            String answer = replies.since(mark, WireLog.replyMax());
            if (isBinary) {
                log.exchangedBinary(id, "", answer);
            } else {
                log.exchanged(id, "", answer);
            }
        }
        return isWhole;
    }

    /** {@link #parseText}, one command at a time, with what was said and answered in the log. */
    private boolean parseLogged(WireLog log, ByteBuf in, long base, long from) {
        String line = lineOpcode == null ? WireLog.line(from, base + in.writerIndex()) : "";
        long mark = replies.mark();
        int others = requestsLeft - 1;
        requestsLeft = 1;
        boolean hasMore = parseText(in, base, from);
        requestsLeft += others;
        if (hasMore) {
            log.exchanged(id, line, replies.since(mark, WireLog.replyMax()));
        }
        return hasMore;
    }

    private boolean parseText(ByteBuf in, long base, long from) {
        TextDecoder decoder = loop.textDecoder;
        Opcode begun = lineOpcode;
        int verdict = begun != null
                ? decoder.continueLine(begun, lineExptime, from, from + lineBytes)
                : decoder.next(from, base + in.writerIndex(), scannedBytes, requestsLeft);
        if (verdict == Decoder.INCOMPLETE) {
            scannedBytes = in.readableBytes();
            return false;
        }
        scannedBytes = 0;
        lastCommandNs = loop.nowNs();
        hasProgressed = true;
        requestsLeft -= decoder.requestCount;
        switch (verdict) {
            case Decoder.EXECUTE -> execute(in, base, decoder);
            case Decoder.COLLECT -> {
                if (!beginCollecting(from, command.valueAddress, decoder.position)) {
                    in.readerIndex((int) (command.valueAddress - base));
                    handler.outOfBudget(
                            command.opcode.wireName(),
                            isTextSet(),
                            command.keyAddress(0),
                            command.keyLength(0),
                            command.valueLength);
                    refuse(Reply.OUT_OF_MEMORY_STORING);
                }
            }
            case Decoder.TOO_LARGE -> {
                in.readerIndex((int) (decoder.position - base));
                handler.tooLarge(
                        command.opcode.wireName(),
                        isTextSet(),
                        command.keyAddress(0),
                        command.keyLength(0),
                        command.valueLength);
                refuse(Reply.OBJECT_TOO_LARGE);
            }
            case Decoder.ANSWERED -> {
                WireLog log = loop.wireLog;
                if (log != null && !log.isFull()) {
                    log.refused(id, WireLog.line(from, base + in.writerIndex()), replies.lastLine(), loop.nowNs());
                }
                in.readerIndex((int) (decoder.position - base));
                swallow(decoder.swallowBytes);
            }
            case Decoder.CLOSE -> {
                logClosing(in, from);
                closeMalformed();
            }
            case Decoder.QUIT -> closeAfterReplies();
            default -> throw new AssertionError(verdict);
        }
        return true;
    }

    private void logClosing(ByteBuf in, long from) {
        WireLog log = loop.wireLog;
        if (log != null) {
            log.closing(id, from, in.memoryAddress() + in.writerIndex(), loop.nowNs());
        }
    }

    /** One step of a client that has not logged in; false when more bytes are needed. */
    private boolean logIn(TextLogin needed, ByteBuf in, long base) {
        int verdict = needed.next(base + in.readerIndex(), base + in.writerIndex());
        in.readerIndex((int) (needed.position - base));
        if (verdict == TextLogin.INCOMPLETE) {
            return false;
        }
        lastCommandNs = loop.nowNs();
        hasProgressed = true;
        requestsLeft--;
        switch (verdict) {
            case TextLogin.ANSWERED -> replies.line(needed.reply);
            case TextLogin.LOGGED_IN -> {
                counters.increment(WireCounter.AUTH_CMDS);
                login = null;
                replies.line(Reply.STORED);
            }
            case TextLogin.FAILED -> refuseLater(needed.reply, needed.failureCount());
            case TextLogin.ANSWERED_AND_CLOSE -> {
                replies.line(needed.reply);
                closeAfterReplies();
            }
            case TextLogin.CLOSE -> closeMalformed();
            default -> throw new AssertionError(verdict);
        }
        return true;
    }

    /** Keeps somebody who guesses waiting, and lets him go after some guesses. */
    private void refuseLater(Reply reply, int failureCount) {
        counters.increment(WireCounter.AUTH_CMDS);
        counters.increment(WireCounter.AUTH_ERRORS);
        accept(Progress.SUSPENDED, false);
        Continuation refusal = (to, same) -> {
            to.line(reply);
            if (failureCount >= Access.FAILURES_MAX) {
                same.closeAfterReplies();
            }
            return Progress.DONE;
        };
        var unused = channelContext()
                .executor()
                .schedule(() -> resumed(refusal), Access.delayMillis(failureCount), TimeUnit.MILLISECONDS);
    }

    /** The first byte tells the dialect; a connection never switches. */
    private boolean sniff(int firstByte) {
        isSniffed = true;
        isBinary = firstByte == BinaryDecoder.MAGIC;
        if (!loop.access().dialect().allows(isBinary) || firstByte == BINARY_RESPONSE || firstByte == TLS_HANDSHAKE) {
            closeMalformed();
            return false;
        }
        return true;
    }

    /** Closes on a client that does not speak our protocol, behind what was answered. */
    private void closeMalformed() {
        counters.increment(WireCounter.MALFORMED);
        closeReason = CloseReason.ERROR;
        closeAfterReplies();
    }

    private void execute(ByteBuf in, long base, TextDecoder decoder) {
        replies.suppress(command.noreply);
        Progress progress = handler.execute(command, replies, this);
        replies.suppress(false);
        if (progress != Progress.MORE) {
            endBatch(in, base, decoder.position, decoder.longLineEnd);
            accept(progress, command.noreply);
        } else if (command.keyCount > 0 && command.opcode.isRetrieval()) {
            if (command.hasKey()) {
                resumeAtKey(in, base, decoder);
            } else {
                endBatch(in, base, decoder.position, decoder.longLineEnd);
            }
            stopOrYield();
        } else {
            requestsLeft += decoder.requestCount;
            stopOrYield();
        }
    }

    private boolean isTextSet() {
        return command.opcode == Opcode.SET || command.opcode == Opcode.META_SET;
    }

    // ---- binary ----

    /** {@link #parseBinary} with what was said and answered in the log; with {@code -v} alone, if it was refused. */
    private boolean parseBinaryLogged(WireLog log, ByteBuf in, long base, long from) {
        String request = BinaryWireText.request(from, base + in.writerIndex());
        long mark = replies.mark();
        boolean hasMore = parseBinary(in, base, from);
        String answer = hasMore ? replies.since(mark, WireLog.replyMax()) : "";
        if (hasMore && log.isFull()) {
            log.exchangedBinary(id, request, answer);
        } else if (BinaryWireText.isRefusal(answer)) {
            log.refusedBinary(id, request, answer, loop.nowNs());
        }
        return hasMore;
    }

    private boolean parseBinary(ByteBuf in, long base, long from) {
        BinaryDecoder decoder = loop.binaryDecoder;
        BinaryCommand request = loop.binaryCommand;
        decoder.isStranger = isStranger();
        int verdict = decoder.next(from, base + in.writerIndex(), 0, 1);
        if (verdict == Decoder.INCOMPLETE) {
            return false;
        }
        lastCommandNs = loop.nowNs();
        hasProgressed = true;
        requestsLeft--;
        switch (verdict) {
            case Decoder.EXECUTE -> {
                int next = (int) (decoder.position - base);
                if (executeBinary() == Progress.MORE) {
                    requestsLeft++;
                    stopOrYield();
                } else {
                    in.readerIndex(next);
                }
            }
            case Decoder.COLLECT -> {
                if (!beginCollecting(from, request.valueAddress, decoder.position)) {
                    in.readerIndex((int) (request.valueAddress - base));
                    handler.outOfBudget(
                            request.known().actionName(),
                            isBinarySet(request),
                            request.keyAddress,
                            request.keyLength,
                            request.valueLength);
                    refuseBinary(BinaryStatus.OUT_OF_MEMORY_STORING);
                }
            }
            case Decoder.TOO_LARGE -> {
                in.readerIndex((int) (decoder.position - base));
                handler.tooLarge(
                        request.known().actionName(),
                        isBinarySet(request),
                        request.keyAddress,
                        request.keyLength,
                        request.valueLength);
                refuseBinary(BinaryStatus.TOO_LARGE);
            }
            case Decoder.ANSWERED -> {
                in.readerIndex((int) (decoder.position - base));
                swallow(decoder.swallowBytes);
            }
            case Decoder.CLOSE -> closeMalformed();
            default -> throw new AssertionError(verdict);
        }
        return true;
    }

    private static boolean isBinarySet(BinaryCommand request) {
        return request.action() == BinaryOpcode.Action.SET;
    }

    private void refuseBinary(BinaryStatus status) {
        replies.binaryError(loop.binaryCommand, status);
        swallow(loop.binaryCommand.valueLength);
    }

    private Progress executeBinary() {
        BinaryCommand request = loop.binaryCommand;
        Progress progress = Progress.DONE;
        switch (request.action()) {
            case NOOP -> replies.binarySuccess(request, 0);
            case QUIT -> {
                if (!request.isQuiet()) {
                    replies.binarySuccess(request, 0);
                }
                closeAfterReplies();
            }
            case SASL -> progress = saslCommand(request);
            case STAT -> {
                statOpaque = request.opaque;
                replies.answerStats(true, statOpaque);
                progress = handler.execute(request, replies, this);
                replies.answerStats(false, 0);
            }
            default -> progress = handler.execute(request, replies, this);
        }
        if (progress != Progress.MORE) {
            accept(progress, false);
        }
        return progress;
    }

    private boolean isStranger() {
        SaslExchange logins = exchange;
        return loop.access().sasl() != null && (logins == null || !logins.isAuthenticated());
    }

    private Progress saslCommand(BinaryCommand request) {
        Authenticator authenticator = loop.access().sasl();
        if (authenticator == null) {
            replies.binaryError(request, BinaryStatus.UNKNOWN_COMMAND);
            return Progress.DONE;
        }
        if (request.opcode == BinaryOpcode.SASL_LIST_MECHS) {
            replies.binaryText(request, BinaryStatus.SUCCESS, authenticator.mechanisms());
            return Progress.DONE;
        }
        if (request.keyLength > MECHANISM_MAX) {
            replies.binaryError(request, BinaryStatus.INVALID_ARGUMENTS);
            return Progress.DONE;
        }
        SaslExchange logins = exchange;
        if (logins == null) {
            logins = authenticator.newExchange();
            exchange = logins;
        }
        byte[] message =
                RawBytes.string(request.valueAddress, request.valueLength).getBytes(StandardCharsets.ISO_8859_1);
        int code = request.code;
        int opaque = request.opaque;
        SaslReply reply = (outcome, to, connection) -> answerLogin(outcome, to, code, opaque);
        return request.opcode == BinaryOpcode.SASL_AUTH
                ? logins.start(request.key(), message, replies, this, reply)
                : logins.step(message, replies, this, reply);
    }

    private static void answerLogin(SaslOutcome outcome, ReplyWriter to, int code, int opaque) {
        BinaryStatus status = switch (outcome.status()) {
            case CONTINUE -> BinaryStatus.AUTH_CONTINUE;
            case SUCCESS -> BinaryStatus.SUCCESS;
            case FAILURE -> BinaryStatus.AUTH_FAILURE;
        };
        String body = status == BinaryStatus.AUTH_FAILURE
                ? status.text()
                : new String(outcome.data(), StandardCharsets.ISO_8859_1);
        to.binaryText(code, opaque, status, body);
    }

    // ---- batches and half-received commands ----

    private void endBatch(ByteBuf in, long base, long position, long longLineEnd) {
        in.readerIndex((int) (position - base));
        if (longLineEnd == 0) {
            lineOpcode = null;
        } else {
            beginLine(position, longLineEnd);
        }
    }

    private void beginLine(long position, long lineEnd) {
        lineOpcode = command.opcode;
        lineExptime = command.exptime;
        lineBytes = (int) (lineEnd - position);
    }

    private void resumeAtKey(ByteBuf in, long base, TextDecoder decoder) {
        long position = command.keyAddress();
        boolean isInLongLine = decoder.longLineEnd != 0;
        long lineEnd = isInLongLine ? decoder.longLineEnd : RawBytes.newline(position, base + in.writerIndex()) + 1;
        in.readerIndex((int) (position - base));
        beginLine(position, lineEnd);
    }

    /** Takes a buffer for a request that is not all there; false when neither budget nor memory has one. */
    private boolean beginCollecting(long from, long value, long end) {
        int length = (int) (end - from);
        if (!loop.reserve(length)) {
            return false;
        }
        try {
            staging = stagingBuffer(length);
        } catch (OutOfDirectMemoryError full) {
            // Other loops, or replies on their way, have what this loop's budget would allow.
            loop.giveBack(length);
            return false;
        } catch (Throwable cause) {
            loop.unreserve(length);
            throw cause;
        }
        stagedScanned = (int) (value - from) - 1;
        stagedBytes = 0;
        return true;
    }

    /** A buffer of that length, at the cost of clients that do not read if there is no other way. */
    private ByteBuf stagingBuffer(int length) {
        try {
            return loop.allocator.directBuffer(length, length);
        } catch (OutOfDirectMemoryError full) {
            if (!loop.makeRoom()) {
                throw full;
            }
            return loop.allocator.directBuffer(length, length);
        }
    }

    private boolean collect(@Nullable ByteBuf in, ByteBuf target) {
        if (in != null) {
            target.writeBytes(in, Math.min(in.readableBytes(), target.writableBytes()));
            stagedBytes = target.writerIndex();
        }
        if (target.isWritable()) {
            return false;
        }
        try {
            executeStaged(target);
        } finally {
            discardStaging();
        }
        return true;
    }

    private void executeStaged(ByteBuf whole) {
        hasProgressed = true;
        long from = whole.memoryAddress();
        if (isBinary) {
            loop.binaryDecoder.isStranger = isStranger();
            if (loop.binaryDecoder.next(from, from + whole.capacity(), 0, 1) != Decoder.EXECUTE
                    || executeBinary() == Progress.MORE) {
                throw new IllegalStateException("a whole request was not executed: " + loop.binaryCommand.opcode);
            }
            return;
        }
        int verdict = loop.textDecoder.next(from, from + whole.capacity(), stagedScanned, 1);
        if (verdict == Decoder.ANSWERED) {
            return;
        }
        if (verdict != Decoder.EXECUTE) {
            throw new IllegalStateException("verdict " + verdict + " for a whole command: " + command.opcode);
        }
        replies.suppress(command.noreply);
        Progress progress = handler.execute(command, replies, this);
        replies.suppress(false);
        if (progress == Progress.MORE) {
            throw new IllegalStateException("MORE for a storage command: " + command.opcode);
        }
        accept(progress, command.noreply);
    }

    private void discardStaging() {
        ByteBuf gone = staging;
        if (gone != null) {
            staging = null;
            loop.unreserve(gone.capacity());
            gone.release();
        }
    }

    /** Answers a storage command that is not executed, and gets its data out of the way. */
    private void refuse(Reply reply) {
        replies.suppress(command.noreply);
        replies.line(reply);
        replies.suppress(false);
        swallow(command.valueLength + 2L);
    }

    /** Gets a refused command's data, line end included, out of the way; far too much of it ends the connection instead. */
    private void swallow(long bytes) {
        swallowBytes = bytes;
        if (bytes - 2 > (long) ProtocolLimits.SWALLOW_FACTOR * limits.itemSizeMax()) {
            closeAfterReplies();
        }
    }

    private void flushAndClose() {
        replies.detach(this, true);
        releaseInput();
        pause();
        needsFlush = false;
        channelContext().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void failed(Throwable cause) {
        replies.abandon(this);
        stop(CLOSING);
        closeReason = CloseReason.ERROR;
        loop.failed(cause);
        closeNow();
    }

    private void dispose() {
        if ((stopped & CLOSED) != 0) {
            return;
        }
        stop(CLOSED);
        replies.abandon(this);
        releaseInput();
        boolean wasOpened = place >= 0;
        if (wasOpened) {
            loop.closed(place);
        }
        ReplyProducer unfinished = producer;
        producer = null;
        Continuation unanswered = continuation;
        continuation = null;
        try {
            if (wasOpened) {
                handler.closed(this, closeReason);
                WireLog log = loop.wireLog;
                if (log != null) {
                    log.closed(this, closeReason);
                }
            }
            if (unfinished != null) {
                unfinished.close();
            }
            if (unanswered != null) {
                unanswered.abandoned();
            }
        } catch (RuntimeException cause) {
            loop.failed(cause);
        }
    }

    /** Closes from the socket's end of the pipeline: TLS would first wait for somebody to read its good-bye. */
    private void closeNow() {
        var unused = channelContext().pipeline().firstContext().close();
    }

    private void releaseInput() {
        discardStaging();
        ByteBuf waiting = held;
        if (waiting != null) {
            held = null;
            waiting.release();
        }
    }

    private ChannelHandlerContext channelContext() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not in a pipeline yet");
        }
        return ctx;
    }
}
