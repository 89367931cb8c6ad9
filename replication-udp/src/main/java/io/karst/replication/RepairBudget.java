package io.karst.replication;

/** A token bucket of bytes: a second's worth at most, and the last item may overdraw it. One thread. */
final class RepairBudget {
    private final long bytesPerSecond;
    private long left;
    private long refilledMs;

    RepairBudget(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
        left = bytesPerSecond;
    }

    void refill(long nowMs) {
        long elapsedMs = Math.min(1000, nowMs - refilledMs);
        left = Math.min(bytesPerSecond, left + bytesPerSecond * elapsedMs / 1000);
        refilledMs = nowMs;
    }

    boolean isLeft() {
        return left > 0;
    }

    void spend(int bytes) {
        left -= bytes;
    }
}
