package io.karst.replication;

/**
 * How a node replicates; milliseconds and bytes.
 *
 * @param node our index in the placement, which is our node id in versions, too
 * @param replicaCount on how many nodes a key is, ours included where it is one of them
 * @param digest of everything that must be equal on all nodes: ring names, weights, placement, replicaCount
 * @param heartbeatMs between two heartbeats
 * @param phi from which peers get hints instead of records
 * @param resendMs after which a batch without an ack is sent again
 * @param resendLimit how often, before its buckets are dirty instead
 * @param windowBatches at most unacknowledged per peer, a power of two
 * @param windowBytes the same in bytes
 * @param hintTtlMs after which hints for a peer are dropped
 * @param repairBytesPerSecond at most of repairs and replayed hints per peer
 * @param antiEntropyMs from the start of one round with a peer to the next
 * @param retentionMs how long tombstones are kept at least; longer than any frame can be on its way, and than any clock lags
 * @param tombstoneLimit above which a peer that is away may be told to begin again empty
 * @param warmupMaxMs after which a cold node says it is warm without being so
 */
public record ReplicationConfig(
        int node,
        int replicaCount,
        long digest,
        long heartbeatMs,
        double phi,
        long resendMs,
        int resendLimit,
        int windowBatches,
        int windowBytes,
        long hintTtlMs,
        long repairBytesPerSecond,
        long antiEntropyMs,
        long retentionMs,
        long tombstoneLimit,
        long warmupMaxMs) {

    /** The same with another warm-up and other rounds of anti-entropy. */
    public ReplicationConfig with(long warmupMs, long roundMs) {
        return new ReplicationConfig(
                node,
                replicaCount,
                digest,
                heartbeatMs,
                phi,
                resendMs,
                resendLimit,
                windowBatches,
                windowBytes,
                hintTtlMs,
                repairBytesPerSecond,
                roundMs,
                retentionMs,
                tombstoneLimit,
                warmupMs);
    }

    /** The defaults. */
    public static ReplicationConfig of(int node, int replicaCount, long digest) {
        return new ReplicationConfig(
                node,
                replicaCount,
                digest,
                200,
                8,
                500,
                3,
                1024,
                8 << 20,
                3 * 3_600_000L,
                16 << 20,
                60_000,
                600_000,
                1 << 20,
                30_000);
    }
}
