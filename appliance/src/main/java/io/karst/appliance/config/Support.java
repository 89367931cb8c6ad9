package io.karst.appliance.config;

/** How far Karst follows an option: the column that decides whether a given option works, is skipped or stops the start. */
public enum Support {
    /** Means what it means in memcached. */
    MEMCACHED("as memcached"),
    /** Exists in Karst only. */
    OURS("Karst's own"),
    /** Accepted, so that an existing command line starts, without effect, and named in one log line. */
    IGNORED("accepted, no effect"),
    /** Refused at start, because ignoring it would pretend something that clients or operators rely on. */
    REFUSED("refused for now");

    private final String words;

    Support(String words) {
        this.words = words;
    }

    /** The column's text in help and documents. */
    public String words() {
        return words;
    }
}
