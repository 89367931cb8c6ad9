package io.karst.appliance.config;

/**
 * Where a value came from. A higher rank wins; values of equal rank are from the same kind of place.
 *
 * @param rank 0 for the defaults, 1 for the file, 2 for the command line
 * @param place the words that name it to the operator, for a file {@code name:line}
 */
public record Source(int rank, String place) {
    /** The defaults of the {@link Option} table. */
    public static final Source DEFAULT = new Source(0, "default");
    /** The command line. */
    public static final Source COMMAND_LINE = new Source(2, "command line");

    /** A line of a file, counted from 1. */
    static Source line(String file, int line) {
        return new Source(1, file + ":" + line);
    }

    /** Whether it is a line of a file. */
    boolean isFile() {
        return rank == 1;
    }

    /** What goes in front of a refusal: the file and line, or nothing for the command line. */
    String prefix() {
        return isFile() ? place + ": " : "";
    }
}
