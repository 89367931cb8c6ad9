package io.karst.protocol;

/** The counters a connection keeps itself: one row each, under memcached's name where it has one. */
public enum WireCounter {
    BYTES_READ("bytes_read", "bytes received from clients"),
    BYTES_WRITTEN("bytes_written", "bytes handed to the network"),
    CURR_CONNECTIONS("curr_connections", "connections open now"),
    TOTAL_CONNECTIONS("total_connections", "connections accepted since start"),
    CONN_YIELDS("conn_yields", "times a connection hit -R and let others go first"),
    IDLE_KICKS("idle_kicks", "connections closed by idle_timeout"),
    PARTIAL_KICKS("partial_command_kicks", "connections closed because a begun command never ended"),
    SLOW_READER_KICKS("slow_reader_kicks", "connections closed because the client did not read its replies"),
    AUTH_CMDS("auth_cmds", "logins tried"),
    AUTH_ERRORS("auth_errors", "logins that failed"),
    TLS_HANDSHAKE_ERRORS("ssl_handshake_errors", "connections closed because TLS did not come about"),
    MALFORMED("malformed_connections", "connections closed for bytes that are not our protocol"),
    MALFORMED_DATAGRAMS("malformed_datagrams", "UDP datagrams dropped because they are no whole request"),
    IN_FLIGHT_BYTES("in_flight_bytes", "bytes of half-received values held now"),
    IN_FLIGHT_REFUSED("in_flight_refused", "values refused because that budget was full"),
    SUSPENDED_COMMANDS("suspended_commands", "commands that waited for an answer from elsewhere"),
    HANDLER_FAILURES("handler_failures", "exceptions met on an event loop: our bugs");

    private final String statName;
    private final String meaning;

    WireCounter(String statName, String meaning) {
        this.statName = statName;
        this.meaning = meaning;
    }

    /** The key in {@code stats}. */
    public String statName() {
        return statName;
    }

    /** What it counts. */
    public String meaning() {
        return meaning;
    }
}
