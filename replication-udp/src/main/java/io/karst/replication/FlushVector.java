package io.karst.replication;

/**
 * Up to which version the items of each primary are flushed: a {@code flush_all} on one node empties what clients place
 * on it, wherever the copies are, and nothing else. It only grows, so hearing it twice or late changes nothing. One
 * thread.
 */
final class FlushVector {
    private final long[] versions;

    FlushVector(int nodeCount) {
        versions = new long[nodeCount];
    }

    int nodeCount() {
        return versions.length;
    }

    long version(int primary) {
        return versions[primary];
    }

    /** Whether an item of this version is flushed. */
    boolean isDead(int primary, long version) {
        return version <= versions[primary];
    }

    /** Raises the version of a primary; false when it is there already. */
    boolean raise(int primary, long version) {
        if (version <= versions[primary]) {
            return false;
        }
        versions[primary] = version;
        return true;
    }
}
