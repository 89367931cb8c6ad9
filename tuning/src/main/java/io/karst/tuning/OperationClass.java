package io.karst.tuning;

/**
 * What kind of command a latency belongs to: one row here is one histogram per event loop and one group of lines in
 * {@code stats latency}.
 */
public enum OperationClass {
    /** Reads of items: get, gets, mg and their binary forms. */
    GET("get"),
    /** Writes of whole or partial values: set, add, replace, append, prepend, cas, ms. */
    SET("set"),
    /** Removals: delete, md. */
    DELETE("delete"),
    /** Counters: incr, decr, ma. */
    ARITHMETIC("arithmetic"),
    /** Changes of expiry, with or without the value: touch, gat, gats. */
    TOUCH("touch"),
    /** Everything that concerns no single item: stats, version, flush_all, mn. */
    OTHER("other");

    private static final OperationClass[] VALUES = values();

    private final String label;

    OperationClass(String label) {
        this.label = label;
    }

    /** The word that begins this class's lines in reports; it never changes, dashboards depend on it. */
    public String label() {
        return label;
    }

    /** How many classes there are. */
    static int count() {
        return VALUES.length;
    }

    /** The class with this ordinal. */
    static OperationClass at(int ordinal) {
        return VALUES[ordinal];
    }
}
