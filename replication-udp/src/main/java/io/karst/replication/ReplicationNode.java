package io.karst.replication;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One node's part in replication: takes its writes, sends them to the nodes where clients look next, applies theirs,
 * and repairs what got lost. Nothing here waits, sleeps or reads a clock; one thread calls {@link #turn} again and
 * again.
 *
 * <p>Read {@link PeerLink} for the way of a write, {@link AntiEntropySession} for repair, {@link TombstonePurge} for
 * deletes, {@link Inbound} for what each frame does.
 */
public final class ReplicationNode {
    private static final int MAX_FRAMES_PER_TURN = 256;

    private final ReplicationConfig config;
    private final Transport transport;
    private final Replicas replicas;
    private final ReplicaState state;
    private final ReplicaStore store;
    private final FrameSender sender;
    private final AckTracker acks;
    private final LongSupplier boots;
    private final List<Peer> peers = new ArrayList<>();
    private final ReplicationCounters counters = new ReplicationCounters();
    private final Inbound inbound;
    private final LevelReads reads;
    private final TombstonePurge purge;
    private final RejoinGate gate;
    private final byte[] ringName;
    private final byte[] key = new byte[ReplicaRecord.MAX_KEY];
    private long nowMs;
    private long heartbeatMs = Long.MIN_VALUE;

    /**
     * A node that is empty and cold.
     *
     * @param store what this node has
     * @param boots makes names for lives of this node: random, never twice, neither 0 nor -1
     * @param acks answers writes that wait
     * @param nowMs a monotonic clock, as in {@link #turn}
     */
    public ReplicationNode(
            ReplicationConfig config,
            Members members,
            Transport transport,
            ReplicaStore store,
            LongSupplier boots,
            AckTracker acks,
            long nowMs) {
        this(config, members, transport, store, boots, acks, new TombstonePurge(config), nowMs);
    }

    /** The same with another rule for tombstones, to see what it does. */
    ReplicationNode(
            ReplicationConfig config,
            Members members,
            Transport transport,
            ReplicaStore store,
            LongSupplier boots,
            AckTracker acks,
            TombstonePurge purge,
            long nowMs) {
        this.config = config;
        this.transport = transport;
        this.boots = boots;
        this.acks = acks;
        this.nowMs = nowMs;
        replicas = new Replicas(members, config.replicaCount());
        this.store = store;
        state = new ReplicaState(config.node(), replicas, store, this::send);
        sender = new FrameSender(transport, config.node(), boots.getAsLong());
        ringName = ringName(members, config.node());
        for (int i = 0; i < members.count(); i++) {
            if (i != config.node() && members.isUsed(i)) {
                peers.add(peer(i, ringName(members, i)));
            }
        }
        inbound = new Inbound(peers, config, this.store, state, sender, counters, new Questions(), this::rebuild);
        reads = new LevelReads(this::readRepair, counters);
        this.purge = purge;
        gate = new RejoinGate(peers, config.warmupMaxMs(), nowMs);
    }

    private static byte[] ringName(Members members, int node) {
        return members.name(node).getBytes(StandardCharsets.UTF_8);
    }

    private Peer peer(int index, byte[] name) {
        return new Peer(
                index,
                name,
                new PeerLink(index, config, sender, counters, acks),
                new AntiEntropySession(index, config.antiEntropyMs(), sender, store, state),
                new PhiAccrualDetector(config.heartbeatMs(), nowMs));
    }

    /** Sends what was just written here to the key's other nodes. */
    public void write(ReplicaRecord item) {
        write(item, Level.ONE, 0, 0);
    }

    /**
     * The same; unless the level is ONE or ANY, the tracker answers {@code token} when enough nodes have it, or the
     * deadline has passed.
     */
    public void write(ReplicaRecord item, Level level, long token, long deadlineMs) {
        if (item.type() == ReplicaRecord.REFERENCE) {
            store.read(item, value -> write(value, level, token, deadlineMs));
            return;
        }
        replicas.locate(key, item.key(key));
        boolean waits = level == Level.QUORUM || level == Level.ALL;
        if (waits) {
            int here = replicas.has(config.node()) ? 1 : 0;
            acks.begin(token, level.needed(replicas.count()) - here, deadlineMs);
        }
        for (Peer peer : peers) {
            long sequence = replicas.has(peer.index) ? peer.link.write(item) : 0;
            if (waits && sequence != 0) {
                acks.addBatch(peer.index, sequence);
            }
        }
        if (waits) {
            acks.admit();
        }
    }

    private void send(int node, int bucket) {
        Peer peer = Peer.find(peers, node);
        if (peer != null) {
            peer.link.hint(bucket);
        }
    }

    /** Something of this bucket was written here and could not be handed over: peers get what is there instead. */
    public void lost(int bucket) {
        counters.increment(ReplicationCounter.RECORDS_DROPPED);
        peers.forEach(peer -> peer.link.hint(bucket));
    }

    /**
     * Reads a key from as many of its nodes as a level wants.
     *
     * @param hash with the bucket in its high 16 bits
     * @param answer is called once, from within this call or a later turn
     */
    public void read(byte[] key, int keyLength, long hash, Level level, long deadlineMs, ReadAnswer answer) {
        replicas.locate(key, keyLength);
        int count = replicas.count();
        int[] nodes = new int[count];
        for (int i = 0; i < count; i++) {
            nodes[i] = replicas.node(i);
        }
        long token = reads.begin(count, level.needed(count), deadlineMs, answer);
        for (int node : nodes) {
            if (node == config.node()) {
                readHere(token, key, keyLength, hash);
            } else if (!ask(node, token, hash, key, keyLength)) {
                reads.silent(token);
            }
        }
    }

    private void readHere(long token, byte[] key, int keyLength, long hash) {
        if (!gate.isInStep()) {
            reads.silent(token);
            return;
        }
        boolean[] isFound = {false};
        store.read(key, keyLength, item -> {
            isFound[0] = true;
            answered(token, config.node(), item, state.inherited(BucketDigests.bucketOf(hash)));
        });
        if (!isFound[0]) {
            answered(token, config.node(), null, mark(key, keyLength, hash));
        }
    }

    // A node that has not heard of a flush yet answers with what is flushed, as one may have done before we had heard
    // of it: so the flush counts for all answers.
    private void answered(long token, int node, @Nullable ReplicaRecord item, long mark) {
        if (item != null && state.isFlushed(item)) {
            long flushed = state.flushes().version(state.locate(item).node(0));
            reads.answered(token, node, null, Math.max(mark, flushed));
        } else {
            reads.answered(token, node, item, mark);
        }
    }

    private boolean ask(int node, long token, long hash, byte[] key, int keyLength) {
        Peer peer = Peer.find(peers, node);
        int length = QueryFrame.encode(sender.scratch(), sender.node(), sender.boot(), token, hash, key, keyLength);
        return peer != null && isSendingTo(peer) && sender.send(node, sender.scratch(), length);
    }

    private void readRepair(int node, ReplicaRecord newest) {
        Peer peer = Peer.find(peers, node);
        if (peer != null) {
            peer.link.repair(newest, store);
        } else if (!state.isFlushed(newest)) {
            store.apply(newest, state.mark(BucketDigests.bucketOf(newest.hash())), nowMs);
        }
    }

    /**
     * Ends this node because another one takes its place, with the same store and other members: who waits is told that
     * the level was not reached, and what was flushed stays flushed.
     */
    public void handOver(ReplicationNode next) {
        acks.giveUp();
        reads.giveUp();
        for (int i = 0;
                i < Math.min(state.flushes().nodeCount(), next.state.flushes().nodeCount());
                i++) {
            next.state.flushes().raise(i, state.flushes().version(i));
        }
        next.counters.add(counters);
    }

    /** Flushes what clients place on this node, everywhere, up to a version. */
    public void flush(long version) {
        if (state.flushes().raise(config.node(), version)) {
            store.flush(config.node(), version);
        }
    }

    /**
     * Takes what came in, sends what is due.
     *
     * @param nowMs a clock that never steps, milliseconds
     * @param clockMicros the wall clock, microseconds since 2024-01-01, by which versions are judged
     * @return what the transport had to do, 0 for nothing
     */
    public int turn(long nowMs, long clockMicros) {
        this.nowMs = nowMs;
        peers.forEach(peer -> peer.link.begin(nowMs, clockMicros, isSendingTo(peer)));
        inbound.begin(nowMs, clockMicros);
        int work = transport.poll(inbound, MAX_FRAMES_PER_TURN);
        if (nowMs - config.heartbeatMs() >= heartbeatMs) {
            heartbeatMs = nowMs;
            peers.forEach(peer -> sendHeartbeat(peer, clockMicros));
            purge.turn(store, peers, nowMs);
        }
        state.turn();
        peers.forEach(this::turn);
        acks.turn(nowMs);
        reads.turn(nowMs);
        gate.turn(nowMs);
        return work;
    }

    private boolean isSendingTo(Peer peer) {
        return peer.boot() != 0 && !peer.isRefused() && peer.detector.phi(nowMs) < config.phi();
    }

    private void turn(Peer peer) {
        if (peer.takeAckDue()) {
            sender.send(
                    peer.index,
                    AppliedAck.encode(
                            sender.scratch(), config.node(), sender.boot(), peer.boot(), peer.received.through()));
        }
        if (isSendingTo(peer)) {
            int bucket = peer.inheritance.ask(nowMs);
            if (bucket >= 0) {
                sender.send(peer.index, MarksWanted.encode(sender.scratch(), sender.node(), sender.boot(), bucket));
            }
            peer.link.replay(store, state);
            counters.add(ReplicationCounter.ROUNDS_COMPLETED, peer.session.turn(nowMs) ? 1 : 0);
        }
        peer.link.flush();
        peer.link.resend();
    }

    private void sendHeartbeat(Peer peer, long clockMicros) {
        if (peer.takeHelloDue() || peer.boot() == 0) {
            sender.send(
                    peer.index,
                    Hello.encode(
                            sender.scratch(), config.node(), sender.boot(), peer.boot(), config.digest(), ringName));
        }
        int standing = (int) peers.stream().filter(each -> !each.isRefused()).count();
        long refused = peer.isRefused() ? peer.refusedBoot() : 0;
        sender.send(
                peer.index,
                Heartbeat.encode(
                        sender.scratch(),
                        config.node(),
                        !gate.isWarm(),
                        sender.boot(),
                        clockMicros,
                        config.digest(),
                        refused,
                        standing,
                        state.flushes()));
    }

    // As if the process had been restarted: another boot, so that frames of the old one are refused.
    private void rebuild() {
        counters.increment(ReplicationCounter.REBUILDS);
        store.clear();
        state.clear();
        sender.boot(boots.getAsLong());
        peers.forEach(Peer::forget);
        gate.chill(nowMs);
    }

    /** Whether every bucket was settled with every peer, or the warm-up has taken long enough. */
    public boolean isWarm() {
        return gate.isWarm();
    }

    /** Whether everything was settled with every peer once: only then does this node count for reads above level one. */
    public boolean isInStep() {
        return gate.isInStep();
    }

    /**
     * The highest version that a key which is absent here may have had: of what has left its bucket, or was flushed. A miss
     * at QUORUM carries it, and whoever asked does not believe values that are not above it.
     */
    public long mark(byte[] key, int keyLength, long hash) {
        long flushed = state.flushes().version(replicas.locate(key, keyLength).node(0));
        return Math.max(flushed, state.markOrInherited(BucketDigests.bucketOf(hash)));
    }

    /** How it stands with every peer, for reports. */
    public List<PeerReport> report() {
        return peers.stream()
                .map(peer -> PeerReport.of(peer, isSendingTo(peer), nowMs))
                .toList();
    }

    /** What has been counted. */
    public ReplicationCounters counters() {
        return counters;
    }

    /** Everybody else, by index. */
    List<Peer> peers() {
        return peers;
    }

    Transport.Handler inbound() {
        return inbound;
    }

    ReplicaState state() {
        return state;
    }

    /** What is done with questions of peers, and with their answers. */
    private final class Questions implements Inbound.Queries {
        @Override
        public void onQuery(Peer peer, QueryFrame query) {
            query.key(key);
            int keyLength = query.keyLength();
            long hash = query.hash();
            long token = query.token();
            int[] length = {0};
            store.read(key, keyLength, item -> {
                if (ReplyFrame.BODY + item.length() <= sender.maxFrameLength()) {
                    item.copyTo(sender.scratch(), ReplyFrame.BODY);
                    length[0] = item.length();
                }
            });
            int bucket = BucketDigests.bucketOf(hash);
            long mark = length[0] == 0 ? mark(key, keyLength, hash) : state.inherited(bucket);
            boolean isCold = !gate.isInStep();
            sender.send(
                    peer.index,
                    ReplyFrame.encode(sender.scratch(), sender.node(), sender.boot(), isCold, token, mark, length[0]));
        }

        @Override
        public void onReply(Peer peer, ReplyFrame reply) {
            if (reply.isCold()) {
                reads.silent(reply.token());
            } else {
                ReplicationNode.this.answered(
                        reply.token(), peer.index, reply.hasRecord() ? reply.record() : null, reply.mark());
            }
        }
    }
}
