package io.karst.tuning.plan;

import java.util.Locale;

/**
 * The sum: bytes with replicas and overhead, requests with replicated writes, and the nodes that either asks for. It
 * assumes that load spreads evenly and that a cluster does as much as its nodes do one by one; neither was measured.
 * Decimal gigabytes, as the sources of such figures write them.
 */
public final class Plan {
    private static final double GIGABYTE = 1e9;
    /** Factor that is often taken for what a cache needs beside keys and values. */
    private static final int RULE_OF_THUMB = 2;

    private final Workload load;
    private final Node node;

    /** A plan for a load on nodes of one kind. */
    public Plan(Workload load, Node node) {
        this.load = load;
        this.node = node;
    }

    /** Bytes of all replicas, with what Karst takes for each item. */
    public long totalBytes() {
        return load.items() * load.replicas() * (load.keyBytes() + (long) load.valueBytes() + Measured.overheadBytes());
    }

    /** Bytes in memory for one byte of key and value. */
    public double overheadFactor() {
        return (double) totalBytes() / (load.rawBytes() * load.replicas());
    }

    /** Requests per second that all nodes together see: a write arrives at every replica. */
    public long totalRequests() {
        return load.reads() + load.writes() * load.replicas();
    }

    /** Nodes for the bytes. */
    public long nodesForMemory() {
        return divideUp(totalBytes(), node.itemBytes());
    }

    /** Nodes for the requests. */
    public long nodesForRequests() {
        return divideUp(totalRequests(), node.requests());
    }

    /** Nodes altogether: what both ask for, and no fewer than there are replicas. */
    public long nodes() {
        return Math.max(load.replicas(), Math.max(nodesForMemory(), nodesForRequests()));
    }

    /** Bytes of keys and values of the hot items, once. */
    public long hotBytes() {
        return load.rawBytes() / 100 * load.hotPercent();
    }

    private static long divideUp(long a, long b) {
        return (a + b - 1) / b;
    }

    /** The plan for a person, with every figure and where it comes from. */
    public String text() {
        return String.format(
                Locale.ROOT,
                """
                requests    %,d/s at the peak: %,d reads, %,d writes
                items       %,d of %d + %d bytes: %.0f GB
                replicas    x %d: %.0f GB
                in memory   x %.2f, measured (%,d items of 220 bytes in 1 GiB, docs/operate/items-per-gigabyte.md): %.2f TB
                            by the rule of thumb, x %d, it would be %.2f TB
                hot items   %d %%: %.0f GB. Read as the hot set of the whole cluster, that is %.1f GB a node of %d;
                            read as what every node holds, %.0f GB for all of them together
                requests    %,d/s with replicated writes, and %,d/s a core measured (one request at a time,
                            docs/operate/performance.md); pipelines and multigets do several times as many
                nodes       %d: %d for memory, %d for requests, %d at least for the replicas,
                            of %.0f GB and %d cores, %d %% of them planned with
                Not measured: even spread over nodes, replication, your network. Measure yours with bench/load.
                """,
                load.requestsPerSecond(),
                load.reads(),
                load.writes(),
                load.items(),
                load.keyBytes(),
                load.valueBytes(),
                load.rawBytes() / GIGABYTE,
                load.replicas(),
                load.rawBytes() * load.replicas() / GIGABYTE,
                overheadFactor(),
                Measured.ITEMS_PER_GIBIBYTE,
                totalBytes() / GIGABYTE / 1000,
                RULE_OF_THUMB,
                load.rawBytes() * load.replicas() * RULE_OF_THUMB / GIGABYTE / 1000,
                load.hotPercent(),
                hotBytes() / GIGABYTE,
                hotBytes() / GIGABYTE / nodes(),
                nodes(),
                hotBytes() / GIGABYTE * nodes(),
                totalRequests(),
                Measured.REQUESTS_PER_CORE,
                nodes(),
                nodesForMemory(),
                nodesForRequests(),
                load.replicas(),
                node.memoryBytes() / GIGABYTE,
                node.cores(),
                node.usePercent());
    }
}
