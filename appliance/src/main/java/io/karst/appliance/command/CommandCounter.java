package io.karst.appliance.command;

/** What the executor counts, under memcached's names; kept per size band, because {@code stats slabs} shows some so. */
public enum CommandCounter {
    CMD_GET("cmd_get"),
    CMD_SET("cmd_set"),
    CMD_FLUSH("cmd_flush"),
    CMD_TOUCH("cmd_touch"),
    CMD_META("cmd_meta"),
    GET_HITS("get_hits"),
    GET_MISSES("get_misses"),
    DELETE_HITS("delete_hits"),
    DELETE_MISSES("delete_misses"),
    INCR_HITS("incr_hits"),
    INCR_MISSES("incr_misses"),
    DECR_HITS("decr_hits"),
    DECR_MISSES("decr_misses"),
    CAS_HITS("cas_hits"),
    CAS_MISSES("cas_misses"),
    CAS_BADVAL("cas_badval"),
    TOUCH_HITS("touch_hits"),
    TOUCH_MISSES("touch_misses"),
    STORE_TOO_LARGE("store_too_large"),
    STORE_NO_MEMORY("store_no_memory");

    private final String statName;

    CommandCounter(String statName) {
        this.statName = statName;
    }

    /** The key in {@code stats}. */
    public String statName() {
        return statName;
    }
}
