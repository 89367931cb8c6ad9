package io.karst.appliance.watch;

import java.util.Locale;

/** What can be watched: a bit each, for sets of them in an int. */
public enum LogStream {
    /** Items that were looked up. */
    FETCHERS,
    /** Items that were stored, or not. */
    MUTATIONS,
    /** Items that had to go to make room. */
    EVICTIONS,
    /** Connections that came and went. */
    CONNEVENTS,
    /** Items that were deleted. */
    DELETIONS,
    /** memcached's background threads: accepted, silent here. */
    SYSEVENTS,
    /** memcached has the word and writes nothing: so here. */
    RAWCMDS,
    /** memcached's proxy, of which Karst has none: accepted, silent. */
    PROXYREQS,
    /** As {@link #PROXYREQS}. */
    PROXYEVENTS,
    /** As {@link #PROXYREQS}. */
    PROXYUSER;

    /** The stream's bit. */
    @SuppressWarnings("EnumOrdinal") // the bits never leave the process
    public int bit() {
        return 1 << ordinal();
    }

    /** The bit of the stream with this word on the wire, which must be one. */
    public static int bit(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT)).bit();
    }
}
