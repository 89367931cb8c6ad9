package io.karst.ring;

import java.util.Optional;
import java.util.stream.Stream;

/** The clients whose placement is known, each with its rule and the names it gives its servers. */
public enum ClientFamily {
    /** Java's spymemcached, as {@code FailureMode.Redistribute} and {@code KETAMA_HASH} make it. */
    SPYMEMCACHED("spymemcached", PlacementKind.SPY_REDISTRIBUTE, RingFormat.SPYMEMCACHED),
    /** libmemcached, and with it pylibmc, PHP's memcached extension and twemproxy. */
    LIBMEMCACHED("libmemcached", PlacementKind.RING_REBUILD, RingFormat.LIBMEMCACHED),
    /** Java's xmemcached with {@code KetamaMemcachedSessionLocator}. */
    XMEMCACHED("xmemcached", PlacementKind.RING_REBUILD_XMEMCACHED, RingFormat.XMEMCACHED),
    /** Python's pymemcache with {@code HashClient}. */
    PYMEMCACHE("pymemcache", PlacementKind.RENDEZVOUS, RingFormat.HOST_PORT),
    /** Ruby's dalli. */
    DALLI("dalli", PlacementKind.DALLI, RingFormat.HOST_PORT);

    private final String word;
    private final PlacementKind kind;
    private final RingFormat format;

    ClientFamily(String word, PlacementKind kind, RingFormat format) {
        this.word = word;
        this.kind = kind;
        this.format = format;
    }

    /** The family of this word, for example {@code libmemcached}. */
    public static Optional<ClientFamily> named(String word) {
        return Stream.of(values()).filter(family -> family.word.equals(word)).findFirst();
    }

    /** The word in options and output. */
    public String word() {
        return word;
    }

    /** The rule by which these clients place keys. */
    public PlacementKind kind() {
        return kind;
    }

    /** How these clients name their servers. */
    public RingFormat format() {
        return format;
    }
}
