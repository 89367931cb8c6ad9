package io.karst.replication;

/** On how many of its nodes a write must be before it is answered, or how many must be asked for a read. */
public enum Level {
    /** Here is enough. */
    ONE,
    /** On more than half of the key's nodes. */
    QUORUM,
    /** On all of them. */
    ALL,
    /** Anywhere, or noted as a hint; for writes only. */
    ANY;

    private static final Level[] LEVELS = values();

    static Level of(int ordinal) {
        return LEVELS[ordinal];
    }

    int needed(int replicaCount) {
        return switch (this) {
            case ONE, ANY -> Math.min(1, replicaCount);
            case QUORUM -> replicaCount / 2 + 1;
            case ALL -> replicaCount;
        };
    }
}
