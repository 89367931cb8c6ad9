package io.karst.replication;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * The shared keys by id, 0 to 255, and the one to seal with. To change a key, first give all nodes the new one besides
 * the old one, then let them seal with it, then take the old one away. Immutable.
 */
public record KeyRing(Map<Integer, SessionKeys> keys, int sealingId) {
    /** One key, with the id 0; at least 16 random bytes. */
    public static KeyRing of(byte[] shared) {
        return new KeyRing(Map.of(0, new SessionKeys(shared)), 0);
    }

    /** Refuses an id that is none. */
    public KeyRing {
        keys = Map.copyOf(keys);
        if (!keys.containsKey(sealingId)) {
            throw new IllegalArgumentException("replication key " + sealingId + ": not among " + keys.keySet() + ".");
        }
    }

    SessionKeys sealing() {
        return requireNonNull(keys.get(sealingId));
    }
}
