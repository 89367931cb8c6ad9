package io.karst.tuning.doctor;

/**
 * What one check saw.
 *
 * @param severity how much it matters
 * @param found in the operator's words
 * @param wanted in the operator's words
 * @param fix what to change when it is not OK
 */
record Reading(Severity severity, String found, String wanted, Remedy fix) {
    private static final Remedy NOTHING = Remedy.hand("");

    /** OK when the condition holds, otherwise this severe. */
    static Reading of(boolean isGood, Severity otherwise, Object found, Object wanted, Remedy fix) {
        return isGood
                ? new Reading(Severity.OK, found.toString(), wanted.toString(), NOTHING)
                : new Reading(otherwise, found.toString(), wanted.toString(), fix);
    }

    /** A file that is not there, or says nothing. */
    static Reading unknown(Object wanted) {
        return new Reading(Severity.UNKNOWN, "not to be seen here", wanted.toString(), NOTHING);
    }
}
