package io.karst.appliance.differential;

import java.util.HashMap;
import java.util.Map;

/** The CAS tokens that one server gave to the keys of a chunk: the two servers' tokens differ, what they are good for not. */
record Tokens(Map<String, Long> byKey) {
    /** A token that no server hands out. */
    static final long WRONG = 0x7fff_ffff_ffff_fff0L;

    Tokens {
        byKey = new HashMap<>(byKey);
    }

    /** The token of a key as this server knows it, or a wrong one for a key that is not there. */
    long of(String key) {
        return byKey.getOrDefault(key, WRONG);
    }
}
