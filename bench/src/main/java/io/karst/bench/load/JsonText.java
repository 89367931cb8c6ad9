package io.karst.bench.load;

import java.util.Locale;

/** JSON, written one field after the other; numbers that are not finite become null. For results, not for speed. */
public final class JsonText {
    private final StringBuilder text = new StringBuilder();
    private boolean comma;

    /** Begins the outermost object, or one inside an array. */
    public JsonText begin() {
        separate();
        text.append('{');
        comma = false;
        return this;
    }

    /** Begins an object under a name. */
    public JsonText begin(String name) {
        key(name).append('{');
        comma = false;
        return this;
    }

    /** Begins an array under a name. */
    public JsonText beginArray(String name) {
        key(name).append('[');
        comma = false;
        return this;
    }

    /** Ends the innermost object. */
    public JsonText end() {
        text.append('}');
        comma = true;
        return this;
    }

    /** Ends the innermost array. */
    public JsonText endArray() {
        text.append(']');
        comma = true;
        return this;
    }

    /** A string. */
    public JsonText put(String name, String value) {
        quote(key(name), value);
        return this;
    }

    /** A whole number. */
    public JsonText put(String name, long value) {
        key(name).append(value);
        return this;
    }

    /** A number with up to three decimals. */
    public JsonText put(String name, double value) {
        number(key(name), value);
        return this;
    }

    /** A truth value. */
    public JsonText put(String name, boolean value) {
        key(name).append(value);
        return this;
    }

    /** A number in an array. */
    public JsonText add(double value) {
        separate();
        number(text, value);
        return this;
    }

    private StringBuilder key(String name) {
        separate();
        return quote(text, name).append(": ");
    }

    private void separate() {
        if (comma) {
            text.append(", ");
        }
        comma = true;
    }

    private static void number(StringBuilder text, double value) {
        if (Double.isFinite(value)) {
            text.append(String.format(Locale.ROOT, "%.3f", value));
        } else {
            text.append("null");
        }
    }

    private static StringBuilder quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ') {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append('"');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
