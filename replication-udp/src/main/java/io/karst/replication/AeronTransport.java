package io.karst.replication;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentInvoker;
import org.jspecify.annotations.Nullable;

/**
 * Frames over UDP by Aeron: one unicast publication to each peer, lost datagrams sent again by Aeron, whole messages of up
 * to 2 MiB. The media driver runs in the thread that polls.
 */
/*
 * The driver in the caller's thread (INVOKER) instead of one of its own (SHARED): one thread fewer to wake for every frame, and
 * a node at rest costs one sleeping thread. Its price: whoever polls must not be away for long. So the time-outs by
 * which Aeron gives its client or its driver up, 10 s, are an hour here: a process that was stopped for 30 s goes on.
 */
public final class AeronTransport implements Transport, AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(AeronTransport.class.getName());

    /** Streams are numbered by their sender, so that a frame's peer is known by where it came in. */
    private static final int FIRST_STREAM = 1000;

    /** A message may take an eighth of a term, so an item of 1 MiB fits. */
    private static final int TERM_LENGTH = 16 << 20;

    /** Three terms on each of two ways. */
    public static final long BYTES_PER_PEER = 6L * TERM_LENGTH;

    private static final int RECEIVE_WINDOW = 1 << 20;
    private static final int ATTEMPTS = 3;

    private final MediaDriver driver;
    private final Aeron aeron;
    private final AgentInvoker driverInvoker;
    private final AgentInvoker clientInvoker;
    private final List<@Nullable Stream> streams = new ArrayList<>();
    private final InetSocketAddress own;
    private final int self;
    private int first;
    private @Nullable Handler handler;

    private final class Stream {
        private final int peer;
        private final InetSocketAddress address;
        private final String channel;
        private final Subscription subscription;
        private final FragmentAssembler assembler;
        private ExclusivePublication publication;
        private boolean wasConnected;

        private Stream(int peer, InetSocketAddress own, InetSocketAddress theirs) {
            this.peer = peer;
            address = theirs;
            channel = "aeron:udp?endpoint=" + endpoint(theirs) + "|term-length=" + TERM_LENGTH;
            subscription = aeron.addSubscription("aeron:udp?endpoint=" + endpoint(own), FIRST_STREAM + peer);
            assembler =
                    new FragmentAssembler((buffer, offset, length, header) -> deliver(peer, buffer, offset, length));
            publication = aeron.addExclusivePublication(channel, FIRST_STREAM + self);
        }

        private void close() {
            publication.close();
            subscription.close();
        }

        private boolean offer(DirectBuffer buffer, int offset, int length) {
            for (int i = 0; i < ATTEMPTS; i++) {
                long position = publication.offer(buffer, offset, length);
                if (position >= 0) {
                    return true;
                }
                if (position != Publication.ADMIN_ACTION) {
                    return false;
                }
            }
            return false;
        }

        private void watch(Handler handler) {
            if (publication.isClosed()) {
                publication = aeron.addExclusivePublication(channel, FIRST_STREAM + self);
            }
            boolean isConnected = publication.isConnected();
            if (wasConnected && !isConnected) {
                handler.onLost(peer);
            }
            wasConnected = isConnected;
        }
    }

    /**
     * Opens the socket.
     *
     * @param directory for Aeron's buffers, best in memory: 48 MiB to and 48 MiB from each peer; emptied first
     * @param self our index
     * @param addresses where each node receives, by number, ours included: literal addresses
     * @throws RuntimeException when the address cannot be had
     */
    public AeronTransport(Path directory, int self, List<InetSocketAddress> addresses) {
        this.self = self;
        own = addresses.get(self);
        long never = TimeUnit.HOURS.toNanos(1);
        driver = MediaDriver.launch(new MediaDriver.Context()
                .aeronDirectoryName(directory.toString())
                .threadingMode(ThreadingMode.INVOKER)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .termBufferSparseFile(true)
                .publicationTermBufferLength(TERM_LENGTH)
                .initialWindowLength(RECEIVE_WINDOW)
                .socketSndbufLength(RECEIVE_WINDOW)
                .socketRcvbufLength(RECEIVE_WINDOW)
                .clientLivenessTimeoutNs(never)
                .publicationUnblockTimeoutNs(2 * never)
                .warnIfDirectoryExists(false)
                .errorHandler(AeronTransport::log));
        driverInvoker = driver.sharedAgentInvoker();
        aeron = Aeron.connect(new Aeron.Context()
                .aeronDirectoryName(directory.toString())
                .useConductorAgentInvoker(true)
                .driverAgentInvoker(driverInvoker)
                .subscriberErrorHandler(AeronTransport::log)
                .errorHandler(AeronTransport::log));
        clientInvoker = aeron.conductorAgentInvoker();
        try {
            reach(addresses);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Opens what is missing to these nodes, and closes what is too much; what stays goes on. In the thread that polls. */
    public void reach(List<InetSocketAddress> addresses) {
        for (int i = 0; i < Math.max(addresses.size(), streams.size()); i++) {
            InetSocketAddress address = i < addresses.size() && i != self ? addresses.get(i) : null;
            Stream stream = i < streams.size() ? streams.get(i) : null;
            if (stream != null && !stream.address.equals(address)) {
                stream.close();
                stream = null;
            }
            if (stream == null && address != null) {
                stream = new Stream(i, own, address);
            }
            if (i < streams.size()) {
                streams.set(i, stream);
            } else {
                streams.add(stream);
            }
        }
    }

    private static String endpoint(InetSocketAddress address) {
        String host = address.getAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    private static void log(Throwable error) {
        LOGGER.log(Level.WARNING, "replication: {0}", error.getMessage());
    }

    private void deliver(int peer, DirectBuffer buffer, int offset, int length) {
        Handler to = handler;
        if (to != null) {
            to.onFrame(peer, buffer, offset, length);
        }
    }

    @Override
    public boolean offer(int peer, DirectBuffer buffer, int offset, int length) {
        Stream stream = peer < streams.size() ? streams.get(peer) : null;
        return stream != null && stream.offer(buffer, offset, length);
    }

    @Override
    public int poll(Handler handler, int limit) {
        this.handler = handler;
        int work = driverInvoker.invoke() + clientInvoker.invoke();
        int count = 0;
        // In turn, so that a peer that sends without end leaves time for the others.
        first = (first + 1) % streams.size();
        for (int i = 0; i < streams.size(); i++) {
            Stream stream = streams.get((first + i) % streams.size());
            if (stream != null) {
                stream.watch(handler);
                count += stream.subscription.poll(stream.assembler, Math.max(1, limit / streams.size()));
            }
        }
        return count + work;
    }

    @Override
    public int maxFrameLength() {
        return TERM_LENGTH / 8;
    }

    /** Lets Aeron send what it still has, and removes the directory. */
    @Override
    public void close() {
        aeron.close();
        driver.close();
    }
}
