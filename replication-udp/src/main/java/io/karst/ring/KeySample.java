package io.karst.ring;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** 100,000 keys, always the same: {@code key:0} to {@code key:99999}. Stands for all keys where there is no ring to measure. */
final class KeySample {
    static final int KEY_COUNT = 100_000;

    private KeySample() {}

    static void forEach(Consumer<byte[]> action) {
        for (int i = 0; i < KEY_COUNT; i++) {
            action.accept(("key:" + i).getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** The part of the sample that each node owns. */
    static double[] shares(Placement placement) {
        double[] shares = new double[placement.nodeCount()];
        forEach(key -> shares[placement.primary(key, 0, key.length)] += 1);
        for (int node = 0; node < shares.length; node++) {
            shares[node] /= KEY_COUNT;
        }
        return shares;
    }
}
