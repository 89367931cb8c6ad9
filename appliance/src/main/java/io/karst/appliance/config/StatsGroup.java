package io.karst.appliance.config;

import java.util.List;

/** The words that may stand behind {@code stats}, for those who ask a server on the command line. */
public final class StatsGroup {
    private static final List<String> ALL = List.of(
            "items",
            "slabs",
            "settings",
            "sizes",
            "conns",
            "latency",
            "hotkeys",
            "slow",
            "slo",
            "advise",
            "replication",
            "detail",
            "reset");

    private StatsGroup() {}

    /** Whether it is one of them. */
    public static boolean is(String word) {
        return ALL.contains(word);
    }

    /** All of them, separated by spaces. */
    static String words() {
        return String.join(" ", ALL);
    }

    /** All of them, as a sentence has them. */
    static String list() {
        return String.join(", ", ALL.subList(0, ALL.size() - 1)) + " and " + ALL.get(ALL.size() - 1);
    }
}
