package io.karst.store;

import io.karst.eviction.AccessMetadata;
import io.karst.eviction.EvictionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows of the present: the time its owner last told it, the flush floor, the policy. One instance per
 * session, shared by its segment flyweights, so that none of it has to be handed down call by call.
 */
final class Moment {
    /** 2024-01-01T00:00:00Z in Unix microseconds: versions count from here. */
    static final long EPOCH_MICROS = 1_704_067_200_000_000L;

    /** Low bits of a version: the node that made it. */
    static final int NODE_BITS = 8;

    private static final int COUNTER_BITS = 4;
    private static final long NODE_MASK = (1L << NODE_BITS) - 1;

    /** Who makes room; may become another between two bursts of requests. */
    EvictionPolicy policy;

    private final int nodeId;

    /** Unix seconds, unsigned. */
    int seconds;

    /** What has passed of the second, in 1/256 s. */
    int fraction;

    /** Tick of {@link AccessMetadata}. */
    int tick;

    /** Version floor: whatever was written at or below it has been flushed. Read once per operation. */
    long floor;

    /** What the next version must exceed besides: the highest floor there ever was. */
    long versionFloor;

    /** What is kept for replication, if there are peers. */
    final @Nullable ReplicaTracking tracking;

    /** Who wants to hear of evictions, if anybody. */
    @Nullable
    EvictionListener evictionListener;

    private long stamp;

    Moment(EvictionPolicy policy, int nodeId, @Nullable ReplicaTracking tracking) {
        this.policy = policy;
        this.tracking = tracking;
        this.nodeId = nodeId;
    }

    /** @param unixMicros microseconds since the Unix epoch, not before 2024 */
    void set(long unixMicros) {
        seconds = (int) (unixMicros / 1_000_000);
        fraction = (int) (unixMicros % 1_000_000 * ItemAttributes.FRACTIONS_PER_SECOND / 1_000_000);
        tick = AccessMetadata.tickOf(unixMicros);
        stamp = (unixMicros - EPOCH_MICROS) << (NODE_BITS + COUNTER_BITS);
    }

    /** Time as a version without counter and node. */
    long stamp() {
        return stamp;
    }

    /**
     * The version of a write into a segment whose last one is {@code last}: microseconds since 2024-01-01, a four-bit
     * counter and our node id, greater than {@code last} and than the floor whatever the clock says.
     */
    long versionAfter(long last) {
        long next = Math.max(stamp, (Math.max(last, versionFloor) | NODE_MASK) + 1);
        return next | nodeId;
    }

    /** Seconds since the access that the metadata tells of; what exceeds 19 hours wraps. */
    int idleSeconds(int metadata) {
        long ticks = AccessMetadata.idleTicks(metadata, tick);
        return (int) (ticks * AccessMetadata.TICK_MICROS / 1_000_000);
    }

    /** The time, milliseconds since the Unix epoch, as the receipt of tombstones is told. */
    long millis() {
        return ((stamp >> (NODE_BITS + COUNTER_BITS)) + EPOCH_MICROS) / 1000;
    }

    boolean isExpired(long item) {
        return ItemLayout.isExpired(item, ItemLayout.control(item), seconds, fraction);
    }
}
