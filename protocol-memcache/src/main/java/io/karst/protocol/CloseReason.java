package io.karst.protocol;

/** Why a connection ended, in memcached's words. */
public enum CloseReason {
    /** The client broke off, spoke another protocol or did not read, or we failed it. */
    ERROR("error"),
    /** The client was done. */
    NORMAL("normal"),
    /** {@code -o idle_timeout} passed in silence. */
    IDLE_TIMEOUT("idle_timeout"),
    /** The server stops. */
    SHUTDOWN("shutdown");

    private final String word;

    CloseReason(String word) {
        this.word = word;
    }

    /** The word in {@code watch connevents}. */
    public String word() {
        return word;
    }
}
