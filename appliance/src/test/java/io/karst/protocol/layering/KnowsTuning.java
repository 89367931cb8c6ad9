package io.karst.protocol.layering;

import io.karst.tuning.LatencyRecorder;

/** An arrow that is not drawn, from the protocol to its neighbour, for {@code LayeringTest} to find. */
public final class KnowsTuning {
    private final LatencyRecorder neighbour = new LatencyRecorder();

    /** The neighbour a protocol class must not have. */
    public LatencyRecorder neighbour() {
        return neighbour;
    }
}
