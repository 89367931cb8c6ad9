package io.karst.bench.load;

import io.netty.channel.epoll.EpollEventArray;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import org.agrona.UnsafeApi;

/**
 * Linux epoll, level-triggered, through Netty's native library but without its channels: one system call per wait and
 * nothing allocated. Not thread-safe.
 *
 * <p>Netty keeps the constructor of its event array to itself, so it is called by reflection, once; the array's layout is
 * the kernel's {@code struct epoll_event}.
 */
final class Epoll implements AutoCloseable {
    private static final int IN = Native.EPOLLIN;
    private static final int OUT = Native.EPOLLOUT;
    private static final int EVENT_SIZE = Native.sizeofEpollEvent();
    private static final int FD_OFFSET = Native.offsetofEpollData();

    private final FileDescriptor epoll = Native.newEpollCreate();
    private final FileDescriptor timer = Native.newTimerFd();
    private final EpollEventArray events;
    private final long address;

    /** A new instance that reports up to {@code capacity} ready sockets at once. */
    Epoll(int capacity) throws IOException {
        try {
            Constructor<EpollEventArray> constructor = EpollEventArray.class.getDeclaredConstructor(int.class);
            constructor.setAccessible(true);
            events = constructor.newInstance(capacity);
            Method memoryAddress = EpollEventArray.class.getDeclaredMethod("memoryAddress");
            memoryAddress.setAccessible(true);
            address = (Long) memoryAddress.invoke(events);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Netty has another EpollEventArray", e);
        }
        // Netty arms the timer for a wait that has a timeout; edge-triggered, so that nobody has to read it.
        Native.epollCtlAdd(epoll.intValue(), timer.intValue(), IN | Native.EPOLLET);
    }

    void add(Socket socket) throws IOException {
        Native.epollCtlAdd(epoll.intValue(), socket.intValue(), IN);
    }

    /** Says whether to report when {@code socket} takes more bytes. */
    void watchWritable(Socket socket, boolean watch) throws IOException {
        Native.epollCtlMod(epoll.intValue(), socket.intValue(), watch ? IN | OUT : IN);
    }

    void remove(Socket socket) throws IOException {
        Native.epollCtlDel(epoll.intValue(), socket.intValue());
    }

    /** Waits at most {@code timeoutNs}, not at all for 0; returns how many sockets are ready. */
    @SuppressWarnings("deprecation") // The only public one that takes nanoseconds; pinned with Netty's version.
    int await(long timeoutNs) throws IOException {
        if (timeoutNs <= 0) {
            return Native.epollWait(epoll, events, timer, 0, 0);
        }
        long seconds = timeoutNs / 1_000_000_000L;
        return Native.epollWait(epoll, events, timer, (int) seconds, (int) (timeoutNs - seconds * 1_000_000_000L));
    }

    /** Whether event {@code i} is only the end of the wait. */
    boolean isTimeout(int i) {
        return fd(i) == timer.intValue();
    }

    /** The file descriptor of event {@code i} of the last wait. */
    int fd(int i) {
        return UnsafeApi.getInt(address + (long) i * EVENT_SIZE + FD_OFFSET);
    }

    /** Whether event {@code i} says that the socket takes more bytes. */
    boolean isWritable(int i) {
        return (UnsafeApi.getInt(address + (long) i * EVENT_SIZE) & OUT) != 0;
    }

    /** Whether event {@code i} says that there is something to read, an error or the end included. */
    boolean isReadable(int i) {
        return (UnsafeApi.getInt(address + (long) i * EVENT_SIZE) & ~OUT) != 0;
    }

    @Override
    public void close() throws IOException {
        timer.close();
        epoll.close();
    }
}
