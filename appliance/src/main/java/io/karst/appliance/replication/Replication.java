package io.karst.appliance.replication;

import io.karst.appliance.WallClock;
import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.Settings;
import io.karst.replication.AckTracker;
import io.karst.replication.AeronTransport;
import io.karst.replication.KeyRing;
import io.karst.replication.Level;
import io.karst.replication.LoopOutbox;
import io.karst.replication.ReplicationAgent;
import io.karst.replication.ReplicationNode;
import io.karst.replication.SealedTransport;
import io.karst.replication.Transport;
import io.karst.store.ItemStore;
import io.karst.store.ReplicaSession;
import io.karst.store.ReplicaTracking;
import io.karst.store.StoreSession;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * A node's part in replication, put together: {@link #read} before there is a store, {@link #attach} with it,
 * {@link #outbox} for each loop, {@link #start} before clients are let in, {@link #close} after they are gone.
 */
public final class Replication implements AutoCloseable {
    private static final int SALT_LENGTH = 16;
    private static final long POLL_MS = 10;

    private final Settings.Peers settings;
    private volatile PeersFile peers;
    private final int self;
    private final FlushTable flushes;
    private final ReplicaTracking tracking;
    private final List<LoopOutbox> outboxes = new ArrayList<>();
    private final LevelWaits waits = new LevelWaits();

    /** One for each set of members so far. */
    private final List<SealedTransport> seals = new CopyOnWriteArrayList<>();

    private final SecureRandom random = new SecureRandom();
    private ReplicationAgent agent;
    private SharedDirectory directory;
    private AeronTransport aeron;
    private StoreBridge bridge;
    private WallClock.Reader reader;

    @SuppressWarnings("NullAway.Init") // attach() comes next.
    private Replication(Settings.Peers settings, PeersFile peers) {
        this.settings = settings;
        this.peers = peers;
        self = peers.self();
        flushes = new FlushTable(peers.members(), self);
        tracking = new ReplicaTracking(flushes);
    }

    /**
     * Reads who the peers are.
     *
     * @throws ConfigException when the files say what cannot be
     * @throws IOException when they cannot be read
     */
    public static Replication read(Settings.Peers settings) throws IOException {
        return new Replication(settings, PeersFile.read(settings));
    }

    /**
     * Bytes outside of heap and items that replication takes: Aeron's buffers in memory, to and from each peer, and the
     * outboxes. 0 without peers.
     *
     * @throws IOException when the peers file cannot be read
     */
    public static long bytes(Settings settings) throws IOException {
        Settings.Peers peers = settings.peers();
        return peers == null
                ? 0
                : (PeersFile.read(peers).addresses().size() - 1) * AeronTransport.BYTES_PER_PEER
                        + settings.commands().threads() * LoopOutbox.BYTES;
    }

    /** What the store has to note. */
    public ReplicaTracking tracking() {
        return tracking;
    }

    /** Our number in versions. */
    public int nodeId() {
        return self;
    }

    /**
     * Opens the socket to the peers; nothing is sent yet.
     *
     * @throws IOException when the address cannot be had
     */
    public void attach(ItemStore store, WallClock clock) throws IOException {
        directory = SharedDirectory.make();
        aeron = open();
        bridge = new StoreBridge(store, tracking, flushes);
        reader = clock.new Reader();
        agent = new ReplicationAgent(
                node(peers),
                outboxes,
                this::clockMicros,
                (nowMs, micros) -> {
                    bridge.advanceTo(micros + ReplicaSession.EPOCH_MICROS);
                    agent.node().flush(flushes.own());
                },
                aeron);
    }

    private long clockMicros() {
        return reader.microsAt(System.nanoTime()) - ReplicaSession.EPOCH_MICROS;
    }

    private ReplicationNode node(PeersFile from) {
        return new ReplicationNode(
                from.config(settings),
                from.members(),
                sealed(aeron, from),
                bridge,
                this::boot,
                new AckTracker(waits::done),
                clockMicros() / 1000);
    }

    /**
     * Reads the peers file again, for nodes that came, went, or have another weight. What has to move is sent as anti-entropy finds
     * it, at its pace.
     *
     * @throws ConfigException when the file says what cannot be; nothing has changed then
     * @throws IOException when it cannot be read
     */
    public void reload() throws IOException {
        PeersFile before = peers;
        PeersFile next = PeersFile.read(settings);
        if (next.nodes().equals(before.nodes()) && next.addresses().equals(before.addresses())) {
            return;
        }
        boolean isElsewhere =
                !next.addresses().get(next.self()).equals(before.addresses().get(self));
        if (next.self() != self || isElsewhere) {
            throw new ConfigException(
                    settings.file() + ": this node has another line or address than it had. Restart it.");
        }
        if (next.addresses().size() < before.addresses().size()) {
            throw new ConfigException(
                    settings.file() + ": a line is gone, and with it the numbers of the nodes below it."
                            + " Write gone in the place of its weight instead.");
        }
        peers = next;
        agent.execute(() -> {
            aeron.reach(next.addresses());
            flushes.members(next.members());
            tracking.everythingChanged();
            agent.replace(node(next));
        });
    }

    private AeronTransport open() throws IOException {
        try {
            return new AeronTransport(directory.path(), peers.self(), peers.addresses());
        } catch (RuntimeException e) {
            throw new IOException(
                    "failed to open " + peers.addresses().get(peers.self()) + " for peers: " + e.getMessage(), e);
        }
    }

    private Transport sealed(Transport clear, PeersFile from) {
        KeyRing keys = from.keys();
        if (keys == null) {
            return clear;
        }
        SealedTransport next = new SealedTransport(clear, keys, from.members(), self, this::salt);
        seals.add(next);
        return next;
    }

    /** Frames that nobody with the key has sealed for us, in our present lives. */
    public long forgedFrames() {
        return seals.stream().mapToLong(SealedTransport::forgedCount).sum();
    }

    /** Frames that came again. */
    public long repeatedFrames() {
        return seals.stream().mapToLong(SealedTransport::repeatedCount).sum();
    }

    private byte[] salt() {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return salt;
    }

    private long boot() {
        return random.nextLong() >>> 1 | 1;
    }

    /** Has what a loop's session writes go to the peers; before {@link #start}, by any thread. */
    public LoopOutbox outbox(StoreSession session) {
        LoopOutbox outbox = new LoopOutbox();
        session.onChange(new OutboxListener(session, outbox));
        outboxes.add(outbox);
        return outbox;
    }

    /** Begins to exchange with the peers, and waits until this node has what it should, or for {@code warmup_max}. */
    public void start() {
        agent.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(settings.warmupMaxSeconds());
        try {
            while (!agent.report().isWarm() && System.nanoTime() - deadline < 0) {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The thread that does it. */
    public ReplicationAgent agent() {
        return agent;
    }

    /** Requests that wait for peers; after {@link #attach}. */
    public LevelRequests levels() {
        Level level = Level.valueOf(settings.consistency().toUpperCase(Locale.ROOT));
        return new LevelRequests(waits, agent, level, settings.levelTimeoutMs());
    }

    /** Writes that wait for peers. */
    public LevelWaits waits() {
        return waits;
    }

    /** What the operator asked for. */
    public Settings.Peers settings() {
        return settings;
    }

    @Override
    public void close() {
        agent.close();
        try {
            directory.close();
        } catch (IOException e) {
            System.getLogger(Replication.class.getName()).log(System.Logger.Level.DEBUG, e.getMessage());
        }
    }
}
