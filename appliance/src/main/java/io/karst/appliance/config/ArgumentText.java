package io.karst.appliance.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Turns the text of an argument into a value, or refuses it with the reason. Each method fits some kinds of {@link Argument}. */
final class ArgumentText {
    private ArgumentText() {}

    /** Refuses a value that its option's row does not allow; every given value passes here, used or not. */
    static void check(Given given) {
        switch (given.option().argument()) {
            case FLAG -> flag(given);
            case NUMBER, OPTIONAL_NUMBER -> number(given);
            case DECIMAL -> decimal(given);
            case BYTES, MEBIBYTES -> bytes(given);
            case OCTAL -> octal(given);
            case CHARACTER -> character(given);
            case CHOICE -> choice(given);
            case FILE -> file(given);
            case ADDRESSES, SUB_OPTIONS, TEXT -> present(given);
        }
    }

    /** Yes or no. */
    static boolean flag(Given given) {
        return switch (given.text()) {
            case "yes", "true", "on" -> true;
            case "no", "false", "off" -> false;
            default -> throw given.refuse("neither yes nor no.");
        };
    }

    /** A decimal integer within the row's range; a share may be written with its sign, 90%. */
    static long number(Given given) {
        String text = given.text();
        if (given.option().unit().equals("percent") && text.endsWith("%")) {
            text = text.substring(0, text.length() - 1);
        }
        if (!text.matches("-?[0-9]{1,18}")) {
            throw given.refuse("not a number. " + advice(given.option()));
        }
        return ranged(given, Long.parseLong(text));
    }

    /** {@link #number} where the row's range lies within an int. */
    static int integer(Given given) {
        return Math.toIntExact(number(given));
    }

    /** A length in bytes within the row's range. */
    static long bytes(Given given) {
        long plainUnit = given.option().argument() == Argument.MEBIBYTES ? 1L << 20 : 1;
        long bytes = Quantity.bytes(given.text(), plainUnit);
        if (bytes < 0) {
            throw given.refuse("not a size. Use digits with an optional k, m or g, for example 64m.");
        }
        return ranged(given, bytes);
    }

    /** A positive number with an optional fraction. */
    static double decimal(Given given) {
        if (!given.text().matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
            throw given.refuse("not a number. Use digits with an optional fraction, for example 1.25.");
        }
        double value = Double.parseDouble(given.text());
        if (given.option() == Option.SLAB_GROWTH_FACTOR && value <= 1) {
            throw given.refuse("not above 1. Leave it out: Karst has no slabs.");
        }
        return value;
    }

    /** Access bits. */
    static int octal(Given given) {
        if (!given.text().matches("0?[0-7]{1,3}")) {
            throw given.refuse("not access bits. Use octal digits from 0 to 777, for example 700.");
        }
        return Integer.parseInt(given.text(), 8);
    }

    /** One character of ASCII, not a control. */
    static char character(Given given) {
        if (given.text().length() != 1
                || given.text().charAt(0) <= ' '
                || given.text().charAt(0) > '~') {
            throw given.refuse("not one printable character. Use one such as \":\".");
        }
        return given.text().charAt(0);
    }

    /** One of the row's words. */
    static String choice(Given given) {
        if (!given.option().choices().contains(given.text())) {
            throw given.refuse(
                    "unknown. Use one of " + String.join(", ", given.option().choices()) + ".");
        }
        return given.text();
    }

    /** A path; whether it exists is another's question. */
    static Path file(Given given) {
        present(given);
        try {
            return Path.of(given.text());
        } catch (InvalidPathException e) {
            throw given.refuse("not a path. Name a file.");
        }
    }

    private static void present(Given given) {
        if (given.text().isEmpty()) {
            throw given.refuse("empty. Give a value, or leave the option out.");
        }
    }

    private static long ranged(Given given, long value) {
        Option option = given.option();
        if (value < option.least()) {
            throw given.refuse("below " + shown(option, option.least()) + ". " + advice(option));
        }
        if (value > option.most()) {
            throw given.refuse("above " + shown(option, option.most()) + ". " + advice(option));
        }
        return value;
    }

    private static String advice(Option option) {
        boolean size = option.argument() == Argument.BYTES || option.argument() == Argument.MEBIBYTES;
        String what = size ? "Use a size" : "Use a number";
        if (option.least() == Long.MIN_VALUE) {
            return what + ".";
        }
        String from = what + " from " + shown(option, option.least());
        return option.most() == Row.UNBOUNDED ? from + " up." : from + " to " + shown(option, option.most()) + ".";
    }

    private static String shown(Option option, long value) {
        return switch (option.argument()) {
            case BYTES, MEBIBYTES -> Quantity.text(value);
            default -> String.valueOf(value);
        };
    }
}
