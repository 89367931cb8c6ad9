package io.karst.appliance.server;

import io.karst.protocol.Access;
import io.karst.protocol.CommandHandler;
import io.karst.protocol.LoopContext;
import io.karst.protocol.ProtocolLimits;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The threads that do the work, each with its {@link LoopContext}. Connections are dealt out in turn and stay on their
 * loop. Thread-safe.
 */
final class EventLoops implements AutoCloseable {
    private static final long TICK_MILLIS = 1000;
    private static final long SHUTDOWN_SECONDS = 5;
    private static final long MAINTENANCE_PAUSE_MIN = TimeUnit.MILLISECONDS.toNanos(1);

    private final MultiThreadIoEventLoopGroup group;
    private final List<Future<?>> periodic = new CopyOnWriteArrayList<>();
    private final List<EventLoop> loops = new ArrayList<>();
    private final List<LoopContext> contexts = new ArrayList<>();
    private final Map<EventLoop, LoopContext> contextOf = new HashMap<>();

    EventLoops(
            int threads,
            Transport transport,
            ProtocolLimits limits,
            Access access,
            ByteBufAllocator allocator,
            CommandHandler.Factory handlers) {
        group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("karst-loop", true), transport.ioHandlers());
        for (EventExecutor executor : group) {
            EventLoop loop = (EventLoop) executor;
            LoopContext context =
                    new LoopContext(contexts.size(), limits, access, System::nanoTime, allocator, handlers);
            loops.add(loop);
            contexts.add(context);
            contextOf.put(loop, context);
            everySecond(loop, context::tick);
            maintain(loop, context, MAINTENANCE_PAUSE_MIN);
        }
    }

    MultiThreadIoEventLoopGroup group() {
        return group;
    }

    List<LoopContext> contexts() {
        return List.copyOf(contexts);
    }

    LoopContext contextOf(EventLoop loop) {
        LoopContext context = contextOf.get(loop);
        if (context == null) {
            throw new IllegalArgumentException("not one of our loops: " + loop);
        }
        return context;
    }

    EventLoop loop(int index) {
        return loops.get(index);
    }

    void everySecond(Runnable task) {
        everySecond(loops.get(0), task);
    }

    private void everySecond(EventLoop loop, Runnable task) {
        periodic.add(loop.scheduleAtFixedRate(task, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Housekeeping paces itself: each piece says when the next is due. */
    private static void maintain(EventLoop loop, LoopContext context, long pauseNanos) {
        if (pauseNanos == Long.MAX_VALUE || loop.isShuttingDown()) {
            return;
        }
        var unused = loop.schedule(
                () -> maintain(loop, context, Math.max(MAINTENANCE_PAUSE_MIN, context.maintain())),
                pauseNanos,
                TimeUnit.NANOSECONDS);
    }

    void execute(int index, Runnable task) {
        loops.get(index).execute(task);
    }

    /** Has every connection answer what it has received, and close then. */
    void drainConnections() {
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).execute(contexts.get(i)::drain);
        }
    }

    @Override
    public void close() {
        periodic.forEach(task -> task.cancel(false));
        for (int i = 0; i < loops.size(); i++) {
            loops.get(i).execute(contexts.get(i)::release);
        }
        group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
