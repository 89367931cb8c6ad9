package io.karst.protocol;

import org.agrona.concurrent.NanoClock;

/** A clock that stands still until a test moves it. */
final class FakeNanoClock implements NanoClock {
    private long nowNs = 1_000_000_000L;

    @Override
    public long nanoTime() {
        return nowNs;
    }

    void advance(long ns) {
        nowNs += ns;
    }
}
