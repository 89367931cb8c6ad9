package io.karst.bench.load;

import java.util.Arrays;

/**
 * Which versions of each key a server may answer: what turns "some value we once wrote" into "the value that must be
 * there".
 *
 * <p>Sets of one key may overtake each other on different connections, so while several are under way any of them can be
 * last. When the last of such a burst is acknowledged, the value is one of the burst, and everything older is stale. A
 * get remembers the floor at the time it was sent; the answer must lie between that floor and the newest version issued.
 * Four ints per key side by side: newest issued, floor, first of the burst, sets under way. Not thread-safe.
 */
public final class VersionLedger {
    /** The floor of a key whose content nobody knows yet: every version is right. */
    public static final int UNKNOWN = -1;

    private static final int ISSUED = 0;
    private static final int FLOOR = 1;
    private static final int BURST = 2;
    private static final int UNDER_WAY = 3;

    private final int[] keys;

    /** A ledger that knows nothing of any key below {@code keyCount}. */
    public VersionLedger(int keyCount) {
        keys = new int[Math.multiplyExact(keyCount, 4)];
        forget();
    }

    /** Back to knowing nothing: for a server that was restarted. */
    public void forget() {
        for (int i = 0; i < keys.length; i += 4) {
            Arrays.fill(keys, i, i + 4, 0);
            keys[i + FLOOR] = UNKNOWN;
        }
    }

    /** The version a set of this key sends now. */
    public int issue(int id) {
        int at = id << 2;
        int version = ++keys[at + ISSUED];
        if (keys[at + UNDER_WAY]++ == 0) {
            keys[at + BURST] = version;
        }
        return version;
    }

    /** A set was answered; {@code stored} is false when the server refused it. */
    public void settle(int id, boolean stored) {
        int at = id << 2;
        if (--keys[at + UNDER_WAY] == 0 && stored) {
            keys[at + FLOOR] = keys[at + BURST];
        }
    }

    /** The oldest version a get sent now may be answered with. */
    public int floor(int id) {
        return keys[(id << 2) + FLOOR];
    }

    /** Whether {@code version} is right for a get that was sent when {@code floor} was the floor. */
    public boolean allows(int id, int version, int floor) {
        return floor == UNKNOWN || (version >= floor && version <= keys[(id << 2) + ISSUED]);
    }
}
