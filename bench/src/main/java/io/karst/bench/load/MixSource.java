package io.karst.bench.load;

/** Gets, or multigets, and sets of random keys in a given ratio, without end. */
public final class MixSource implements RequestSource {
    private final KeySequence keys;
    private final Mix64 random;
    private final long setBelow;
    private final int keysPerGet;

    /** A share {@code setShare} of sets (0 to 1), the others gets of {@code keysPerGet} keys each. */
    public MixSource(KeySequence keys, double setShare, int keysPerGet, long seed) {
        if (!(setShare >= 0 && setShare <= 1) || keysPerGet < 1) {
            throw new IllegalArgumentException("set share " + setShare + ", keys per get " + keysPerGet);
        }
        this.keys = keys;
        this.random = new Mix64(~seed);
        this.setBelow = (long) (setShare * (1L << 32));
        this.keysPerGet = keysPerGet;
    }

    @Override
    public boolean next(LoadConnection batch) {
        if (setBelow > 0 && random.next() >>> 32 < setBelow) {
            batch.set(keys.next());
            return true;
        }
        batch.beginGet();
        for (int i = 0; i < keysPerGet; i++) {
            batch.key(keys.next());
        }
        batch.endGet();
        return true;
    }

    @Override
    public boolean isExhausted() {
        return false;
    }

    @Override
    public int keysPerRequest() {
        return keysPerGet;
    }
}
