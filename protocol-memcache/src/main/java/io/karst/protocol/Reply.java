package io.karst.protocol;

import java.nio.charset.StandardCharsets;

/**
 * memcached's one-line answers, word for word (1.6.45), each held off-heap with its {@code \r\n} so that answering is one
 * copy. Every length is taken from the literal: a hand-counted one once sent a stranger's memory to a client.
 */
public enum Reply {
    STORED("STORED"),
    NOT_STORED("NOT_STORED"),
    EXISTS("EXISTS"),
    NOT_FOUND("NOT_FOUND"),
    DELETED("DELETED"),
    TOUCHED("TOUCHED"),
    OK("OK"),
    END("END"),
    RESET("RESET"),
    ERROR("ERROR"),
    EN("EN"),
    MN("MN"),
    META_INVALID_FLAG("CLIENT_ERROR invalid flag"),
    META_DUPLICATE_FLAG("CLIENT_ERROR duplicate flag"),
    META_INVALID_OR_DUPLICATE_FLAG("CLIENT_ERROR invalid or duplicate flag"),
    META_BAD_TOKEN("CLIENT_ERROR bad token in command line format"),
    META_BAD_KEY("CLIENT_ERROR error decoding key"),
    META_BAD_INITIAL("CLIENT_ERROR invalid numeric initial value"),
    META_BAD_DELTA("CLIENT_ERROR invalid numeric delta value"),
    META_OPAQUE_TOO_LONG("CLIENT_ERROR opaque token too long"),
    META_TOO_MANY_FLAGS("CLIENT_ERROR options flags are too long"),
    META_SET_MODE("CLIENT_ERROR invalid mode for ms M token"),
    META_ARITHMETIC_MODE("CLIENT_ERROR invalid mode for ma M token"),
    META_OUT_OF_MEMORY("SERVER_ERROR Out of memory allocating new item"),
    BAD_FORMAT("CLIENT_ERROR bad command line format"),
    BAD_DATA_CHUNK("CLIENT_ERROR bad data chunk"),
    DELETE_USAGE("CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]"),
    INVALID_EXPTIME("CLIENT_ERROR invalid exptime argument"),
    INVALID_DELTA("CLIENT_ERROR invalid numeric delta argument"),
    NON_NUMERIC("CLIENT_ERROR cannot increment or decrement non-numeric value"),
    FLUSH_NOT_ALLOWED("CLIENT_ERROR flush_all not allowed"),
    OBJECT_TOO_LARGE("SERVER_ERROR object too large for cache"),
    OUT_OF_MEMORY_STORING("SERVER_ERROR out of memory storing object"),
    OUT_OF_MEMORY("SERVER_ERROR out of memory"),
    NO_QUORUM("SERVER_ERROR no quorum"),
    LEVEL_UNKNOWN("CLIENT_ERROR bad level"),
    LEVEL_ANY_OF_READ("CLIENT_ERROR level any is for writes"),
    LEVEL_OF_CHANGING_GET("CLIENT_ERROR level of mg with E, N, R or T"),
    MEMLIMIT_TOO_SMALL("MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m"),
    MEMLIMIT_NOT_MEGABYTES("MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes"),
    MEMLIMIT_OUT_OF_BOUNDS("MEMLIMIT_ADJUST_FAILED out of bounds or unable to adjust"),
    SHUTDOWN_NOT_ENABLED("SERVER_ERROR: shutdown not enabled"),
    UNKNOWN_EVICTION_POLICY("CLIENT_ERROR unknown eviction policy"),
    INVALID_SHUTDOWN_MODE("CLIENT_ERROR invalid shutdown mode"),
    SLABS_REASSIGN_DISABLED("CLIENT_ERROR slab reassignment disabled"),
    SLABS_BUSY("BUSY currently processing reassign request"),
    SLABS_BAD_CLASS("BADCLASS invalid src or dst class id"),
    SLABS_NO_SPARE("NOSPARE source class has no spare pages"),
    SLABS_SAME("SAME src and dst class are identical"),
    LRU_PERCENT_TOO_HIGH("ERROR hot and warm pcts must not exceed 80"),
    LRU_FACTOR_TOO_LOW("ERROR hot/warm age factors must be greater than 0"),
    CRAWLER_DISABLED("CLIENT_ERROR lru crawler disabled"),
    CRAWLER_BUSY("BUSY currently processing crawler request"),
    CRAWLER_BAD_CLASS("BADCLASS invalid class id"),
    CRAWLER_SLEEP_TOO_LONG("CLIENT_ERROR sleep must be one second or less"),
    METADUMP_NOT_ALLOWED("ERROR metadump not allowed"),
    KEY_DUMP_NOT_ALLOWED("ERROR key dump not allowed"),
    WATCH_NOT_ALLOWED("CLIENT_ERROR watch commands not allowed"),
    WATCHER_TOO_MANY("WATCHER_TOO_MANY log watcher limit reached"),
    WATCHER_FAILED("WATCHER_FAILED failed to add log watcher"),
    STATS_DETAIL_USAGE("CLIENT_ERROR usage: stats detail on|off|dump"),
    STATS_DETAIL_NOT_ALLOWED("CLIENT_ERROR stats detail not allowed"),
    STATS_CACHEDUMP_NOT_ALLOWED("CLIENT_ERROR stats cachedump not allowed"),
    BAD_COMMAND_LINE("CLIENT_ERROR bad command line"),
    ILLEGAL_SLAB_ID("CLIENT_ERROR Illegal slab id"),
    UNAUTHENTICATED("CLIENT_ERROR unauthenticated"),
    AUTH_FAILURE("CLIENT_ERROR authentication failure"),
    BAD_AUTH_TOKEN("CLIENT_ERROR bad authentication token format"),
    AUTH_TOKEN_TOO_LONG("CLIENT_ERROR auth token too long"),
    BAD_LINE_TERMINATION("CLIENT_ERROR bad command line termination"),
    TOO_MANY_CONNECTIONS("ERROR Too many open connections");

    private final String text;
    private final long address;
    private final int length;

    Reply(String text) {
        this.text = text;
        byte[] bytes = (text + "\r\n").getBytes(StandardCharsets.US_ASCII);
        this.length = bytes.length;
        this.address = RawBytes.constant(bytes, paddedLength());
    }

    /** The line without its {@code \r\n}. */
    public String text() {
        return text;
    }

    /** Where the literal lies; never freed. */
    long address() {
        return address;
    }

    /** Bytes on the wire, with {@code \r\n}. */
    int length() {
        return length;
    }

    /** Bytes allocated: the length rounded up to whole words, so that copying by words stays inside. */
    int paddedLength() {
        return (length + Long.BYTES - 1) & -Long.BYTES;
    }
}
