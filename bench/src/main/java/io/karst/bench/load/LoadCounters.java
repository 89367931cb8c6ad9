package io.karst.bench.load;

/** What a client has seen so far. Written by the generator's thread; a plain copy is a snapshot. */
public final class LoadCounters {
    /** Requests sent. */
    public long requests;

    /** Requests answered in full, errors included. */
    public long replies;

    /** Keys asked for by answered gets. */
    public long keys;

    /** Keys answered with a value, right or wrong. */
    public long hits;

    /** Keys answered without a value. */
    public long misses;

    /** Sets answered {@code STORED}. */
    public long stored;

    /** Replies that say {@code ERROR}, {@code CLIENT_ERROR} or {@code SERVER_ERROR}, or that make no sense. */
    public long errors;

    /** Values under a key that was not asked for at this place. */
    public long wrongKeys;

    /** Values with a wrong length, wrong flags or a wrong byte. */
    public long wrongValues;

    /** Values that were right once, but older than the last acknowledged set. */
    public long staleValues;

    /** Requests that were never answered. */
    public long lost;

    /** Bytes sent. */
    public long bytesOut;

    /** Bytes received. */
    public long bytesIn;

    /** A copy of the counters as they are now. */
    public LoadCounters copy() {
        LoadCounters copy = new LoadCounters();
        copy.requests = requests;
        copy.replies = replies;
        copy.keys = keys;
        copy.hits = hits;
        copy.misses = misses;
        copy.stored = stored;
        copy.errors = errors;
        copy.wrongKeys = wrongKeys;
        copy.wrongValues = wrongValues;
        copy.staleValues = staleValues;
        copy.lost = lost;
        copy.bytesOut = bytesOut;
        copy.bytesIn = bytesIn;
        return copy;
    }

    /** What happened between {@code earlier} and now. */
    public LoadCounters since(LoadCounters earlier) {
        LoadCounters delta = copy();
        delta.requests -= earlier.requests;
        delta.replies -= earlier.replies;
        delta.keys -= earlier.keys;
        delta.hits -= earlier.hits;
        delta.misses -= earlier.misses;
        delta.stored -= earlier.stored;
        delta.errors -= earlier.errors;
        delta.wrongKeys -= earlier.wrongKeys;
        delta.wrongValues -= earlier.wrongValues;
        delta.staleValues -= earlier.staleValues;
        delta.lost -= earlier.lost;
        delta.bytesOut -= earlier.bytesOut;
        delta.bytesIn -= earlier.bytesIn;
        return delta;
    }

    /** Whether anything happened that a right server never does. */
    public boolean isWrong() {
        return errors + wrongKeys + wrongValues + staleValues + lost > 0;
    }

    @Override
    public String toString() {
        return "hits=" + hits + " misses=" + misses + " stored=" + stored + " errors=" + errors + " wrongKeys="
                + wrongKeys + " wrongValues=" + wrongValues + " staleValues=" + staleValues + " lost=" + lost;
    }
}
