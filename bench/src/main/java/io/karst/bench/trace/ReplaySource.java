package io.karst.bench.trace;

import io.karst.bench.load.LoadConnection;
import io.karst.bench.load.RequestSource;

/**
 * Several copies of a trace by turns: request i belongs to copy i mod n; each copy has keys of its own and starts at
 * another place, so that the copies are not in step. A get that misses is followed by a set of its key in the next batch.
 * Use one connection: then the order of requests, and with it the hit ratio, does not depend on timing.
 */
final class ReplaySource implements RequestSource {
    private final int[] trace;
    private final int copies;
    private final long requests;
    private final long[] toSet;
    private int setHead;
    private int setTail;
    private long next;

    // Outcomes per equal stretch of the replay.
    private final long[] hits;
    private final long[] misses;
    private long answered;

    /**
     * All requests of {@code copies} copies.
     *
     * @param depth requests under way at most, which bounds the sets that wait
     * @param stretches into how many parts outcomes are divided
     */
    ReplaySource(Trace trace, int copies, int depth, int stretches) {
        this.trace = trace.keys();
        this.copies = copies;
        this.requests = (long) this.trace.length * copies;
        this.toSet = new long[Integer.highestOneBit(depth) * 4];
        this.hits = new long[stretches];
        this.misses = new long[stretches];
    }

    /** The number of the key of one copy. */
    static long id(int copy, int key) {
        return (long) copy << 32 | (key & 0xFFFFFFFFL);
    }

    /** The number of the key that request i asks for. */
    static long idAt(int[] trace, int copies, long i) {
        int copy = (int) (i % copies);
        long start = (long) trace.length * copy / copies;
        return id(copy, trace[(int) ((start + i / copies) % trace.length)]);
    }

    @Override
    public boolean next(LoadConnection batch) {
        if (setHead != setTail) {
            batch.set(toSet[setHead++ & toSet.length - 1]);
            return true;
        }
        if (next >= requests) {
            return false;
        }
        batch.beginGet();
        batch.key(idAt(trace, copies, next++));
        batch.endGet();
        return true;
    }

    @Override
    public boolean isExhausted() {
        return next >= requests && setHead == setTail;
    }

    @Override
    public void missed(long id) {
        misses[stretch()]++;
        toSet[setTail++ & toSet.length - 1] = id;
    }

    @Override
    public void hit(long id) {
        hits[stretch()]++;
    }

    private int stretch() {
        return (int) (answered++ * hits.length / requests);
    }

    /** Share of gets that hit in stretch {@code i}. */
    double hitRatio(int i) {
        return (double) hits[i] / Math.max(1, hits[i] + misses[i]);
    }

    /** Share of all gets that missed, from stretch {@code from} on. */
    double missRatio(int from) {
        long hit = 0;
        long missed = 0;
        for (int i = from; i < hits.length; i++) {
            hit += hits[i];
            missed += misses[i];
        }
        return (double) missed / Math.max(1, hit + missed);
    }

    /** All requests, sets not counted. */
    long requests() {
        return requests;
    }
}
