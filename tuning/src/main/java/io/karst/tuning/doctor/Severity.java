package io.karst.tuning.doctor;

/** How much a finding matters. */
public enum Severity {
    /** As wanted. */
    OK,
    /** Not to be seen on this machine; no fault. */
    UNKNOWN,
    /** Worth knowing, nothing to do. */
    INFO,
    /** Costs speed, memory or warning time. */
    WARNING,
    /** The server does not start, or will be ended. */
    ERROR
}
