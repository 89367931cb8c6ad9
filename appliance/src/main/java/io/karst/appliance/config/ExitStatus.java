package io.karst.appliance.config;

/**
 * How a {@code karst} process ends, one row per status: what scripts go by, in the manual and in {@code --help}. Numbers from 64 on
 * are those of sysexits.h.
 */
public enum ExitStatus {
    /** Done. */
    OK(0, "done; an orderly stop that a client asked for"),
    /** The answer is no. */
    NO(1, "not found, refused, or a check that failed; karst doctor: warnings"),
    /** Errors that were looked for and found. */
    ERRORS(2, "karst doctor: errors"),
    /** The JVM gave up. */
    OUT_OF_MEMORY(3, "the server ran out of memory"),
    /** The command line is wrong. */
    USAGE(64, "the command line is wrong; stderr says in one line what to change"),
    /** Nobody there. */
    UNAVAILABLE(69, "a server cannot be reached, does not answer, or lets nobody in"),
    /** The machine refuses. */
    OS_ERROR(71, "a file, an address or memory cannot be had"),
    /** How Java ends after a signal. */
    SIGTERM(143, "the server, after SIGTERM");

    private final int code;
    private final String meaning;

    ExitStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The number. */
    public int code() {
        return code;
    }

    /** What it says, in one line without a full stop. */
    public String meaning() {
        return meaning;
    }
}
