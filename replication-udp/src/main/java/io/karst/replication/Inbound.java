package io.karst.replication;

import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * What a node does with each frame. Whatever is malformed, of an unknown boot or of a refused one is dropped and
 * counted. One thread.
 */
final class Inbound implements Transport.Handler {
    /** Takes questions after single keys, and the answers. */
    interface Queries {
        void onQuery(Peer peer, QueryFrame query);

        void onReply(Peer peer, ReplyFrame reply);
    }

    private final List<Peer> peers;
    private final ReplicationConfig config;
    private final ReplicaStore store;
    private final ReplicaState state;
    private final FrameSender sender;
    private final Repair repair;
    private final ReplicationCounters counters;
    private final Runnable rebuild;
    private final QueryFrame query = new QueryFrame();
    private final ReplyFrame reply = new ReplyFrame();
    private final MarksWanted marksWanted = new MarksWanted();
    private final MarksFrame marks = new MarksFrame();
    private final Queries queries;

    private final Hello hello = new Hello();
    private final RecordBatch batch = new RecordBatch();
    private final AppliedAck ack = new AppliedAck();
    private final Heartbeat heartbeat = new Heartbeat();
    private final DigestFrame digests = new DigestFrame();
    private final DifferenceFrame differences = new DifferenceFrame();
    private final BucketSummary summary = new BucketSummary();
    private final SummaryAnswer answer = new SummaryAnswer();
    private final PullRequest pull = new PullRequest();
    private final ReplicaRecord item = new ReplicaRecord();
    private long nowMs;
    private long clockMicros;

    Inbound(
            List<Peer> peers,
            ReplicationConfig config,
            ReplicaStore store,
            ReplicaState state,
            FrameSender sender,
            ReplicationCounters counters,
            Queries queries,
            Runnable rebuild) {
        this.queries = queries;
        this.peers = peers;
        this.config = config;
        this.store = store;
        this.state = state;
        this.sender = sender;
        this.counters = counters;
        this.rebuild = rebuild;
        repair = new Repair(store, state, sender);
    }

    void begin(long nowMs, long clockMicros) {
        this.nowMs = nowMs;
        this.clockMicros = clockMicros;
    }

    @Override
    public void onFrame(int index, DirectBuffer buffer, int offset, int length) {
        FrameType type = Frame.type(buffer, offset, length);
        Peer peer = Peer.find(peers, index);
        if (type == null || peer == null || !frame(type).wrap(buffer, offset, length)) {
            counters.increment(ReplicationCounter.FRAMES_MALFORMED);
        } else if (isWelcome(peer, frame(type), type)) {
            handle(peer, type);
        } else {
            counters.increment(ReplicationCounter.FRAMES_REFUSED);
        }
    }

    @Override
    public void onLost(int index) {
        Peer peer = Peer.find(peers, index);
        if (peer != null) {
            peer.link.giveUp();
        }
    }

    private static boolean isWelcome(Peer peer, Frame frame, FrameType type) {
        if (frame.node() != peer.index) {
            return false;
        }
        if (type == FrameType.HELLO) {
            return true;
        }
        if (frame.boot() != peer.boot()) {
            peer.helloDue();
            return false;
        }
        return type == FrameType.HEARTBEAT || !peer.isRefused();
    }

    private void handle(Peer peer, FrameType type) {
        switch (type) {
            case HELLO -> onHello(peer);
            case BATCH -> onBatch(peer);
            case ACK -> onAck(peer);
            case HEARTBEAT -> onHeartbeat(peer);
            case DIGESTS -> repair.onDigests(peer, digests);
            case DIFFERENCES -> peer.session.onDifferences(differences);
            case SUMMARY -> repair.onSummary(peer, summary, clockMicros);
            case ANSWER -> peer.session.onAnswer(answer);
            case PULL -> repair.onPull(peer, pull);
            case QUERY -> queries.onQuery(peer, query);
            case REPLY -> queries.onReply(peer, reply);
            case MARKS_WANTED -> sendMarks(peer);
            case MARKS -> onMarks(peer);
        }
    }

    private Frame frame(FrameType type) {
        return switch (type) {
            case HELLO -> hello;
            case BATCH -> batch;
            case ACK -> ack;
            case HEARTBEAT -> heartbeat;
            case DIGESTS -> digests;
            case DIFFERENCES -> differences;
            case SUMMARY -> summary;
            case ANSWER -> answer;
            case PULL -> pull;
            case QUERY -> query;
            case REPLY -> reply;
            case MARKS_WANTED -> marksWanted;
            case MARKS -> marks;
        };
    }

    private void sendMarks(Peer peer) {
        sender.send(
                peer.index,
                MarksFrame.encode(
                        sender.scratch(),
                        sender.node(),
                        sender.boot(),
                        marksWanted.bucket(),
                        state,
                        sender.maxFrameLength()));
    }

    private void onMarks(Peer peer) {
        if (peer.inheritance.take(marks.first(), marks.behind())) {
            for (int i = 0; i < marks.count(); i++) {
                state.inherit(marks.bucket(i), marks.mark(i));
            }
        }
    }

    private void onHello(Peer peer) {
        if (!Arrays.equals(hello.name(), peer.ringName) || hello.boot() == 0 || hello.boot() == Peer.ANY_BOOT) {
            counters.increment(ReplicationCounter.FRAMES_REFUSED);
            return;
        }
        peer.boot(hello.boot());
        if (hello.echo() != sender.boot()) {
            peer.helloDue();
        }
    }

    private void onBatch(Peer peer) {
        peer.received.floor(batch.floor());
        if (!peer.received.isApplied(batch.sequence()) && areApplied(peer)) {
            peer.received.applied(batch.sequence());
        }
        peer.ackDue();
    }

    private boolean areApplied(Peer peer) {
        boolean all = true;
        int at = RecordBatch.BODY;
        for (int i = 0; i < batch.recordCount(); i++) {
            at = batch.record(item, at);
            all &= isApplied(peer);
        }
        return all;
    }

    // What cannot be applied now gets no ack, so that its sender keeps it: a record from the future, for which we
    // alarm,
    // and a touch of what is not here, which we ask for.
    private boolean isApplied(Peer peer) {
        if (Version.isRefused(item.version(), clockMicros)) {
            counters.increment(ReplicationCounter.VERSIONS_AHEAD);
            return false;
        }
        ReplicaStore.Outcome outcome = ReplicaStore.Outcome.STALE;
        if (!state.isFlushed(item)) {
            outcome = store.apply(item, state.mark(BucketDigests.bucketOf(item.hash())), nowMs);
        }
        if (outcome == ReplicaStore.Outcome.NOT_HERE) {
            repair.pull(peer.index, item.hash());
            return false;
        }
        counters.increment(
                outcome == ReplicaStore.Outcome.APPLIED
                        ? ReplicationCounter.RECORDS_APPLIED
                        : ReplicationCounter.RECORDS_STALE);
        return true;
    }

    private void onAck(Peer peer) {
        if (ack.ackedBoot() == sender.boot()) {
            peer.link.acknowledge(ack.sequence());
        }
    }

    private void onHeartbeat(Peer peer) {
        boolean differs = heartbeat.configDigest() != config.digest();
        peer.heartbeat(heartbeat, nowMs, clockMicros, differs);
        counters.add(ReplicationCounter.CONFIG_MISMATCHES, differs ? 1 : 0);
        int count = Math.min(heartbeat.flushCount(), state.flushes().nodeCount());
        for (int i = 0; i < count; i++) {
            flush(i, heartbeat.flushVersion(i));
        }
        if (heartbeat.refusedBoot() == sender.boot() && !isPeerInTheMinority(peer)) {
            rebuild.run();
        }
    }

    private void flush(int primary, long version) {
        if (version == state.flushes().version(primary) || version == 0) {
            return;
        }
        if (Version.isRefused(version, clockMicros)) {
            counters.increment(ReplicationCounter.VERSIONS_AHEAD);
        } else if (state.flushes().raise(primary, version)) {
            store.flush(primary, version);
        }
    }

    // When both refuse each other, the one that is in step with more nodes keeps what it has; then the lower index.
    private boolean isPeerInTheMinority(Peer peer) {
        long standing = peers.stream().filter(each -> !each.isRefused()).count();
        boolean isTie = standing == heartbeat.standing();
        return peer.isRefused() && (standing > heartbeat.standing() || (isTie && config.node() < peer.index));
    }
}
