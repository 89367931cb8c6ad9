package io.karst.replication;

import java.util.ArrayList;
import java.util.List;

/** What must hold of a cluster that has healed, whatever happened to it. */
final class SimJudge {
    private final Simulation simulation;
    private final List<String> faults = new ArrayList<>();

    SimJudge(Simulation simulation) {
        this.simulation = simulation;
    }

    /** What does not hold, in words; empty when all is well. */
    List<String> faults() {
        simulation.keys.forEach(this::judge);
        for (int node = 0; node < simulation.nodeCount(); node++) {
            judgeNode(simulation.nodes.get(node));
        }
        return faults;
    }

    /**
     * Any majority of a key's nodes, asked now, answers a miss or nothing older than what was acknowledged at QUORUM: the
     * answer of each node has its mark, and values that are not above a mark are not believed.
     */
    List<String> quorumFaults() {
        simulation.acknowledged.forEach((key, version) -> {
            int[] replicas = simulation.replicas(key);
            for (int without = -1; without < replicas.length; without++) {
                long read = read(key, replicas, replicas.length == 3 ? without : -1);
                if (read != 0 && read < version) {
                    faults.add(key + ": " + read + " is read at QUORUM after " + version + " was acknowledged");
                }
            }
        });
        return faults;
    }

    private long read(String key, int[] replicas, int without) {
        long newest = 0;
        long mark = 0;
        for (int i = 0; i < replicas.length; i++) {
            if (i != without) {
                SimStore.Item live = simulation.live(replicas[i], key);
                newest = Math.max(newest, live == null ? 0 : live.version());
                mark = Math.max(mark, live == null ? markOfMiss(key, replicas[i]) : 0);
            }
        }
        return newest <= mark ? 0 : newest;
    }

    private long markOfMiss(String key, int node) {
        SimStore.Item dead = simulation.stores.get(node).item(key);
        long mark = simulation.mark(node, key);
        return dead == null ? mark : Math.max(mark, dead.version());
    }

    /** Whether every structure is below its bound, at any time. */
    List<String> boundFaults() {
        for (int i = 0; i < simulation.nodeCount(); i++) {
            if (simulation.stores.get(i).size() > simulation.faults.capacity()) {
                faults.add("store " + i + " has " + simulation.stores.get(i).size() + " items");
            }
            for (Peer peer : simulation.nodes.get(i).peers()) {
                SendWindow window = peer.link.window();
                boolean isLong = window.next() - window.floor() > Simulation.WINDOW_BATCHES;
                if (isLong || window.bytes() > Simulation.WINDOW_BYTES) {
                    faults.add("a window has " + window.bytes() + " bytes");
                }
            }
        }
        return faults;
    }

    private void judge(String key) {
        long newest = newestThatMustLast(key);
        long flushed = simulation.nodes.stream()
                .mapToLong(node -> node.state().flushes().version(simulation.replicas(key)[0]))
                .max()
                .orElse(0);
        boolean left = simulation.stores.stream().anyMatch(store -> store.newestLost(key) >= newest);
        boolean mayBeStale = left || (simulation.restartCount > 0 && !simulation.faults.isLossless());
        for (int node : simulation.replicas(key)) {
            SimStore.Item item = simulation.live(node, key);
            if (item == null) {
                judgeMiss(key, node, newest, flushed, mayBeStale);
            } else if (item.version() <= flushed) {
                faults.add(key + " on " + node + ": " + item + " was flushed");
            } else if (item.version() < newest && !mayBeStale) {
                faults.add(key + " on " + node + ": " + item + " is older than " + newest);
            }
        }
    }

    // A write to a node that is none of the key's lasts no longer than its hints and the nodes that it was sent to.
    private long newestThatMustLast(String key) {
        boolean lasts = simulation.restartCount == 0
                && total(ReplicationCounter.HINTS_EXPIRED) == 0
                && total(ReplicationCounter.REBUILDS) == 0;
        long newest = 0;
        for (int node = 0; node < simulation.nodeCount(); node++) {
            if (lasts || simulation.isReplica(key, node)) {
                newest = Math.max(newest, simulation.stores.get(node).newestSeen(key));
            }
        }
        return newest;
    }

    private long total(ReplicationCounter counter) {
        return simulation.nodes.stream()
                .mapToLong(node -> node.counters().get(counter))
                .sum();
    }

    private void judgeMiss(String key, int node, long newest, long flushed, boolean mayBeStale) {
        boolean isDeletedHere = simulation.stores.get(node).item(key) != null;
        boolean isExcused = newest <= flushed || newest <= simulation.mark(node, key) || isDeletedHere;
        boolean isHeld = false;
        for (int other : simulation.replicas(key)) {
            SimStore.Item item = simulation.live(other, key);
            isHeld |= item != null && item.version() == newest;
        }
        if (isHeld && (!isExcused || simulation.faults.isLossless())) {
            faults.add(key + " on " + node + ": a miss, though " + newest + " is elsewhere; here: "
                    + simulation.stores.get(node).item(key) + " mark "
                    + simulation.mark(node, key));
        }
        boolean isDeleted = simulation.stores.stream().anyMatch(store -> store.isDelete(newest));
        if (!isHeld && !isExcused && !isDeleted && !mayBeStale) {
            faults.add(key + " on " + node + ": " + newest + " is lost");
        }
    }

    private void judgeNode(ReplicationNode node) {
        if (!node.isWarm()) {
            faults.add("a node is still cold");
        }
        for (Peer peer : node.peers()) {
            SendWindow window = peer.link.window();
            if (window.next() != window.floor() || window.bytes() != 0) {
                faults.add("a window keeps " + window.bytes() + " bytes");
            }
            if (peer.link.dirtyCount() > 0) {
                faults.add("hints for " + peer.index + " are left: " + peer.link.dirtyCount());
            }
        }
    }
}
