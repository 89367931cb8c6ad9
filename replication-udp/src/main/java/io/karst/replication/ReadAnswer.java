package io.karst.replication;

import org.jspecify.annotations.Nullable;

/** Learns how a read above level one ended. */
@FunctionalInterface
public interface ReadAnswer {
    /**
     * The read is done.
     *
     * @param isReached whether as many nodes answered as the level wants
     * @param newest the item, valid during the call; null for a miss
     */
    void done(boolean isReached, @Nullable ReplicaRecord newest);
}
