package io.karst.protocol;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The command table: one row per command, with its name on the wire, its shape, and what {@code help} says about it.
 * A new command is one new row here and one branch in the executor. Names are case-sensitive, as memcached's are.
 */
public enum Opcode {
    GET("get", Shape.RETRIEVAL, "<key>+", "read items"),
    GETS("gets", Shape.RETRIEVAL, "<key>+", "read items with their cas token"),
    GAT("gat", Shape.TOUCHING_RETRIEVAL, "<exptime> <key>+", "read items and set their exptime"),
    GATS("gats", Shape.TOUCHING_RETRIEVAL, "<exptime> <key>+", "the same, with the cas token"),
    SET("set", Shape.STORAGE, "<key> <flags> <exptime> <bytes> [noreply]", "store an item"),
    ADD("add", Shape.STORAGE, "<key> <flags> <exptime> <bytes> [noreply]", "store it if the key is new"),
    REPLACE("replace", Shape.STORAGE, "<key> <flags> <exptime> <bytes> [noreply]", "store it if the key exists"),
    APPEND("append", Shape.STORAGE, "<key> <flags> <exptime> <bytes> [noreply]", "add bytes behind a value"),
    PREPEND("prepend", Shape.STORAGE, "<key> <flags> <exptime> <bytes> [noreply]", "add bytes before a value"),
    CAS("cas", Shape.STORAGE, "<key> <flags> <exptime> <bytes> <cas> [noreply]", "store it if the cas token matches"),
    DELETE("delete", Shape.KEY, "<key> [noreply]", "remove an item"),
    INCR("incr", Shape.ARITHMETIC, "<key> <delta> [noreply]", "add to a decimal value, wrapping at 2^64"),
    DECR("decr", Shape.ARITHMETIC, "<key> <delta> [noreply]", "subtract from a decimal value, down to 0"),
    TOUCH("touch", Shape.TOUCH, "<key> <exptime> [noreply]", "set an item's exptime"),
    META_GET("mg", Shape.META, "<key> [b|c|f|h|k|l|q|s|t|u|v|E|N|O|R|T]*", "read an item and what is known of it"),
    META_SET(
            "ms",
            Shape.META_STORAGE,
            "<key> <bytes> [b|c|k|q|s|C|E|F|I|M|N|O|T]*",
            "store an item, in one of five modes"),
    META_DELETE("md", Shape.META, "<key> [b|k|q|x|C|E|I|O|T]*", "remove an item, or mark it stale"),
    META_ARITHMETIC("ma", Shape.META, "<key> [b|c|k|q|t|v|C|D|E|J|M|N|O|T]*", "add or subtract"),
    META_NOOP("mn", Shape.CONNECTION, "", "answers MN: everything before it is answered"),
    META_DEBUG("me", Shape.META, "<key> [b]", "an item's facts, without touching it"),
    FLUSH_ALL("flush_all", Shape.ADMIN, "[<delay>] [noreply]", "drop every item, now or after a delay in seconds"),
    STATS("stats", Shape.ADMIN, "[<group> [<argument>]]", "counters; groups: settings items slabs sizes conns ..."),
    VERSION("version", Shape.ADMIN, "", "the server's version"),
    VERBOSITY("verbosity", Shape.ADMIN, "<level> [noreply]", "how much the server logs"),
    CACHE_MEMLIMIT("cache_memlimit", Shape.ADMIN, "<megabytes> [noreply]", "change the memory limit"),
    SLABS("slabs", Shape.ADMIN, "reassign <from> <to> | automove <0|1|2>", "accepted for memcached's tools"),
    LRU("lru", Shape.ADMIN, "mode <flat|segmented> | tune ... | temp_ttl <n>", "accepted for memcached's tools"),
    EVICTION(
            "eviction", Shape.ADMIN, "density|clock|lru|lfu|random|none", "what goes when memory is full, from now on"),
    LRU_CRAWLER("lru_crawler", Shape.ADMIN, "metadump all | mgdump all | crawl all | ...", "list keys, sweep expired"),
    WATCH("watch", Shape.ADMIN, "[fetchers|mutations|evictions|connevents|deletions]*", "turn into a log stream"),
    SHUTDOWN("shutdown", Shape.ADMIN, "[graceful]", "stop the server, when it was started with -A"),
    REFRESH_CERTS("refresh_certs", Shape.ADMIN, "", "read the TLS certificates again"),
    DEBUGTIME("debugtime", Shape.ADMIN, "<seconds>", "advance the clock, with -o debug_commands only"),
    HELP("help", Shape.CONNECTION, "", "this table"),
    QUIT("quit", Shape.CONNECTION, "", "close the connection");

    /** What stands behind the name of a command, and with that which part of the decoder reads it. */
    public enum Shape {
        /** One or more keys. */
        RETRIEVAL,
        /** An exptime, then one or more keys. */
        TOUCHING_RETRIEVAL,
        /** Key, flags, exptime, length, and a data block on the following line. */
        STORAGE,
        /** One key. */
        KEY,
        /** One key and an unsigned 64-bit number. */
        ARITHMETIC,
        /** One key and an exptime. */
        TOUCH,
        /** One key, and flags of one letter with a number or text behind it. */
        META,
        /** The same with a length before the flags, and a data block on the following line. */
        META_STORAGE,
        /** Free tokens, checked here, executed by the handler on the cold path. */
        ADMIN,
        /** Answered by the connection itself. */
        CONNECTION
    }

    private static final Opcode[] TABLE = values();

    private final String wireName;
    private final Shape shape;
    private final String arguments;
    private final String summary;
    private final byte[] nameBytes;

    Opcode(String wireName, Shape shape, String arguments, String summary) {
        this.wireName = wireName;
        this.shape = shape;
        this.arguments = arguments;
        this.summary = summary;
        this.nameBytes = wireName.getBytes(StandardCharsets.US_ASCII);
    }

    /** The name as a client writes it. */
    public String wireName() {
        return wireName;
    }

    /** What follows the name. */
    public Shape shape() {
        return shape;
    }

    /** The arguments in {@code help}'s notation; empty when there are none. */
    public String arguments() {
        return arguments;
    }

    /** What the command does, in a few words, for {@code help} and the docs. */
    public String summary() {
        return summary;
    }

    /** Whether the command carries a data block. */
    public boolean isStorage() {
        return shape == Shape.STORAGE || shape == Shape.META_STORAGE;
    }

    /** Whether the command takes the flags of meta commands. */
    public boolean isMeta() {
        return shape == Shape.META || shape == Shape.META_STORAGE;
    }

    /** Whether the command reads a batch of keys. */
    public boolean isRetrieval() {
        return shape == Shape.RETRIEVAL || shape == Shape.TOUCHING_RETRIEVAL;
    }

    /** Whether replies carry the cas token ({@code gets}, {@code gats}). */
    public boolean returnsCas() {
        return this == GETS || this == GATS;
    }

    /** The first eight bytes of the name as a little-endian word, zero-padded. */
    long word() {
        long word = 0;
        for (int i = Math.min(nameBytes.length, Long.BYTES) - 1; i >= 0; i--) {
            word = word << 8 | (nameBytes[i] & 0xff);
        }
        return word;
    }

    /**
     * The row whose name stands at an address, or null. Cold path: the decoder knows the frequent commands by their word.
     */
    static @Nullable Opcode of(long address, int length) {
        for (Opcode opcode : TABLE) {
            if (opcode.nameBytes.length == length && RawBytes.equal(address, opcode.nameBytes)) {
                return opcode;
            }
        }
        return null;
    }
}
