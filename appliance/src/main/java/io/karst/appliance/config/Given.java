package io.karst.appliance.config;

/**
 * One option as somebody wrote it.
 *
 * @param option the row it belongs to
 * @param text the argument; for a flag {@code yes} or {@code no}
 * @param source where it was written
 */
record Given(Option option, String text, Source source) {
    /** A refusal of this value, in the style of CONVENTIONS: what, the value, what to do. */
    ConfigException refuse(String reason) {
        return new ConfigException(source.prefix() + option.longName() + " = \"" + text + "\": " + reason);
    }

    /** The refusal of something memcached does and Karst does not do yet. */
    ConfigException refuseUnsupported() {
        String value = option.argument() == Argument.FLAG ? "" : " = \"" + text + "\"";
        return new ConfigException(
                source.prefix() + option.longName() + value + ": not yet supported. " + option.instead());
    }
}
