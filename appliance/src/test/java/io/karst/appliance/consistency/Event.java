package io.karst.appliance.consistency;

/**
 * One command of a history and how it ended. Values are numbers, each written at most once; {@link #ABSENT} stands for none.
 *
 * @param kind what was asked
 * @param written the value to store; ABSENT for reads and deletes
 * @param compared the value whose CAS token was sent; ABSENT where none was
 * @param found what a read found
 * @param outcome how a change ended
 * @param invoked nanoseconds before it was sent
 * @param returned nanoseconds after its answer
 */
record Event(Kind kind, int written, int compared, int found, Outcome outcome, long invoked, long returned) {
    static final int ABSENT = -1;

    enum Kind {
        GET,
        SET,
        ADD,
        REPLACE,
        CAS,
        DELETE
    }

    enum Outcome {
        DONE,
        /** NOT_STORED of add and replace. */
        REFUSED,
        EXISTS,
        NOT_FOUND
    }

    /** Whether the command could have ended so if it had met this value; {@link #after} is then what it left. */
    boolean isPossible(int value) {
        boolean isThere = value != ABSENT;
        return switch (kind) {
            case GET -> found == value;
            case SET -> outcome == Outcome.DONE;
            case ADD -> outcome == (isThere ? Outcome.REFUSED : Outcome.DONE);
            case REPLACE -> outcome == (isThere ? Outcome.DONE : Outcome.REFUSED);
            case DELETE -> outcome == (isThere ? Outcome.DONE : Outcome.NOT_FOUND);
            case CAS -> outcome == (!isThere ? Outcome.NOT_FOUND : value == compared ? Outcome.DONE : Outcome.EXISTS);
        };
    }

    int after(int value) {
        if (kind == Kind.GET || outcome != Outcome.DONE) {
            return value;
        }
        return kind == Kind.DELETE ? ABSENT : written;
    }
}
