package io.karst.replication;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * The shared keys by id, 0 to 255, and the one to seal with. To change a key, first give all nodes the new one besides
 * the old one, then let them seal with it, then take the old one away. Immutable.
 */
record KeyRing(Map<Integer, SessionKeys> keys, int sealingId) {
    KeyRing {
        keys = Map.copyOf(keys);
        if (!keys.containsKey(sealingId)) {
            throw new IllegalArgumentException("replication key " + sealingId + ": not among " + keys.keySet() + ".");
        }
    }

    SessionKeys sealing() {
        return requireNonNull(keys.get(sealingId));
    }
}
