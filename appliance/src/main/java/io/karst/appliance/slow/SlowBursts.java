package io.karst.appliance.slow;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/**
 * The slow bursts of one event loop: those whose answers were with the kernel later than a limit after the first look at what the
 * client sent. Loop thread only. Hot path: a burst that is fast allocates nothing; one more reading of the clock per burst and the
 * copy of a key per burst are what it costs.
 */
/*
 * All commands of a burst wait for the last one's answer, so the burst is what is slow, and one entry stands for it: the number of
 * its commands, and the one that moved most bytes, key and value, which is the likeliest to blame. Its key is copied while the
 * burst runs, because afterwards the read buffer may hold something else, and hashed only if the burst was slow. That takes
 * microseconds, so that no more than so many entries are made in a second; the others are counted.
 */
public final class SlowBursts {
    private static final int ENTRIES = 128;
    private static final int ENTRIES_PER_SECOND = 100;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int KEY_MAX = 250;

    /**
     * One slow burst.
     *
     * @param unixMicros when it began
     * @param durationNs how long it took
     * @param command the text protocol's name of the command that moved most bytes
     * @param commands in the burst
     * @param keys that they used
     * @param keyHash {@link KeyHash} of that command's key, or empty when it had none
     * @param keyLength bytes of its key
     * @param valueLength bytes of its value, stored or answered
     */
    record Entry(
            long unixMicros,
            long durationNs,
            String command,
            int commands,
            int keys,
            String keyHash,
            int keyLength,
            int valueLength) {}

    private final long limitNs;
    private final KeyHash.Hasher hasher;

    private long beganNs;
    private long beganMicros;
    private String serving = "";
    private int commands;
    private int keys;
    private long mostBytes;
    private String command = "";
    private final byte[] key = new byte[KEY_MAX];
    private int keyLength;
    private int valueLength;

    private final @Nullable Entry[] ring = new @Nullable Entry[ENTRIES];
    private int next;
    private long slowCount;
    private long secondBeganNs;
    private int madeInSecond;

    /** @param limitMicros bursts that take longer are slow, 1 or more */
    public SlowBursts(long limitMicros, KeyHash hash, long nowNs) {
        limitNs = TimeUnit.MICROSECONDS.toNanos(limitMicros);
        hasher = hash.hasher();
        secondBeganNs = nowNs;
    }

    /** A burst begins. */
    public void begin(long nowNs, long unixMicros) {
        beganNs = nowNs;
        beganMicros = unixMicros;
        commands = 0;
        keys = 0;
        mostBytes = -1;
        command = "";
        keyLength = 0;
        valueLength = 0;
    }

    /** A command of the burst is taken; {@code name} as the text protocol has it. */
    public void serving(String name) {
        serving = name;
        if (mostBytes < 0) {
            mostBytes = 0;
            command = name;
        }
    }

    /** A command is executed. */
    public void served() {
        commands++;
    }

    /** The command that is being served used a key, and moved a value of so many bytes. */
    public void used(long keyAddress, int length, int movedLength) {
        keys++;
        if (length + (long) movedLength > mostBytes && length <= KEY_MAX) {
            mostBytes = length + (long) movedLength;
            command = serving;
            keyLength = length;
            valueLength = movedLength;
            UnsafeApi.copyMemory(null, keyAddress, key, BufferUtil.ARRAY_BASE_OFFSET, length);
        }
    }

    /** The burst's answers are on their way. */
    public void end(long nowNs) {
        if (nowNs - beganNs > limitNs && commands > 0) {
            enter(nowNs);
        }
    }

    private void enter(long nowNs) {
        slowCount++;
        if (nowNs - secondBeganNs >= SECOND_NS) {
            secondBeganNs = nowNs;
            madeInSecond = 0;
        }
        if (madeInSecond < ENTRIES_PER_SECOND) {
            madeInSecond++;
            ring[next] = new Entry(
                    beganMicros,
                    nowNs - beganNs,
                    command,
                    commands,
                    keys,
                    keyLength == 0 ? "" : hasher.hash(key, keyLength),
                    keyLength,
                    valueLength);
            next = (next + 1) % ENTRIES;
        }
    }

    /** Adds what is known to a report. */
    public void addTo(SlowReport report) {
        report.count(slowCount);
        for (Entry entry : ring) {
            if (entry != null) {
                report.add(entry);
            }
        }
    }

    /** Forgets everything. */
    public void clear() {
        Arrays.fill(ring, null);
        next = 0;
        slowCount = 0;
    }
}
