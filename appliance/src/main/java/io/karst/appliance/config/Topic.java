package io.karst.appliance.config;

/** The headings under which help and documents list the options, in their order. */
public enum Topic {
    /** Addresses, ports and the unix socket. */
    NETWORK("Where to listen"),
    /** What the items may take, and what happens when it is full. */
    MEMORY("Memory and eviction"),
    /** Connections, event loops and their limits. */
    CONNECTIONS("Connections and threads"),
    /** Which commands are answered, and how. */
    COMMANDS("Commands"),
    /** Logins and encryption. */
    SECURITY("Authentication and TLS"),
    /** Nodes that copy their items to each other. */
    PEERS("Peers and replication"),
    /** Latencies, targets, hot keys and what is slow. */
    MEASURING("Measurement"),
    /** The process itself, and where its settings come from. */
    PROCESS("The process"),
    /** What only memcached's slabs, LRU lists and threads need. */
    INTERNALS("memcached's internals");

    private final String title;

    Topic(String title) {
        this.title = title;
    }

    /** The heading. */
    public String title() {
        return title;
    }
}
