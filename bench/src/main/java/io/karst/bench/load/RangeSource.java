package io.karst.bench.load;

/** Each key of a range once, in ascending order: sets to fill a server, multigets to read back what it kept. */
public final class RangeSource implements RequestSource {
    private final long end;
    private final boolean setting;
    private final int keysPerRequest;
    private long next;

    private RangeSource(long from, long end, boolean setting, int keysPerRequest) {
        this.next = from;
        this.end = end;
        this.setting = setting;
        this.keysPerRequest = keysPerRequest;
    }

    /** Sets keys {@code from} to {@code end}, exclusive. */
    public static RangeSource sets(long from, long end) {
        return new RangeSource(from, end, true, 1);
    }

    /** Gets keys {@code from} to {@code end}, exclusive, several per request. */
    public static RangeSource gets(long from, long end, int keysPerRequest) {
        return new RangeSource(from, end, false, keysPerRequest);
    }

    @Override
    public boolean next(LoadConnection batch) {
        if (next >= end) {
            return false;
        }
        if (setting) {
            batch.set(next++);
            return true;
        }
        batch.beginGet();
        for (int i = 0; i < keysPerRequest && next < end; i++) {
            batch.key(next++);
        }
        batch.endGet();
        return true;
    }

    @Override
    public boolean isExhausted() {
        return next >= end;
    }

    @Override
    public int keysPerRequest() {
        return keysPerRequest;
    }
}
