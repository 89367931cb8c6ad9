package io.karst.appliance.config;

/**
 * Refuses to start: the message is one line for the operator, saying what, the value and what to do. The process prints
 * it to stderr and exits with {@link #EXIT_STATUS}.
 */
public final class ConfigException extends RuntimeException {
    /** The exit status of a wrong command line, {@code EX_USAGE} of sysexits.h, which memcached uses too. */
    public static final int EXIT_STATUS = ExitStatus.USAGE.code();

    private static final long serialVersionUID = 1;

    /** A refusal with its one line; what the operator wrote may hold line feeds and is made to fit. */
    public ConfigException(String message) {
        super(message.replaceAll("\\p{Cntrl}", "?"));
    }
}
