package io.karst.replication;

/**
 * Versions, by which the last writer wins: microseconds since 2024-01-01, a 4-bit counter, and the writer's node id in
 * the low 8 bits, so that no two are equal. Positive as a signed 64-bit number.
 */
final class Version {
    /** How far ahead of our clock a version may be: 5 s; beyond, its writer's clock is wrong, or ours. */
    static final long MAX_AHEAD_MICROS = 5_000_000;

    private static final int MICROS_SHIFT = 12;

    private Version() {}

    /** The microseconds since 2024-01-01 in a version. */
    static long micros(long version) {
        return version >>> MICROS_SHIFT;
    }

    /** Whether a version is no version, or too far ahead of a clock in microseconds since 2024-01-01. */
    static boolean isRefused(long version, long clockMicros) {
        return version <= 0 || micros(version) - clockMicros > MAX_AHEAD_MICROS;
    }
}
