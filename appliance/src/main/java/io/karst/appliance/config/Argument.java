package io.karst.appliance.config;

/**
 * The kinds of argument an option takes. The kind decides what {@link ArgumentText} accepts and what help shows; the unit
 * of a number stands in its option's row.
 */
public enum Argument {
    /** No argument on the command line; yes or no in a file. */
    FLAG(""),
    /** A decimal integer. */
    NUMBER("<num>"),
    /** A decimal integer that may be left out, with its equals sign. */
    OPTIONAL_NUMBER("[num]"),
    /** A number with an optional fraction. */
    DECIMAL("<num>"),
    /** A length in bytes, or with k, m or g in binary units. */
    BYTES("<size>"),
    /** A length in MiB, or with k, m or g in binary units. */
    MEBIBYTES("<size>"),
    /** Access bits in octal. */
    OCTAL("<mask>"),
    /** Exactly one character. */
    CHARACTER("<char>"),
    /** One of the words that the option's row lists. */
    CHOICE("<word>"),
    /** A path. */
    FILE("<file>"),
    /** Host names or addresses, each with an optional port, separated by commas. */
    ADDRESSES("<addr>"),
    /** Sub-options, separated by commas. */
    SUB_OPTIONS("<list>"),
    /** Any text. */
    TEXT("<text>");

    private final String placeholder;

    Argument(String placeholder) {
        this.placeholder = placeholder;
    }

    /** What stands for the argument in help, empty for a flag. */
    public String placeholder() {
        return placeholder;
    }
}
