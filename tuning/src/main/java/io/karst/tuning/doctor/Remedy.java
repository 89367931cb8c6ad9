package io.karst.tuning.doctor;

/**
 * What to change.
 *
 * @param kind who changes it
 * @param text a line of that kind of file, or a sentence for a person
 */
public record Remedy(Kind kind, String text) {
    /** Who changes it. */
    public enum Kind {
        /** A line of sysctl.d: {@code net.core.somaxconn = 4096}. */
        SYSCTL,
        /** A line of tmpfiles.d, which writes to a file of the kernel at boot. */
        TMPFILES,
        /** A line below {@code [Service]} in a drop-in of the unit. */
        UNIT,
        /** A person, as the sentence says. */
        HAND
    }

    static Remedy sysctl(String name, Object value) {
        return new Remedy(Kind.SYSCTL, name + " = " + value);
    }

    static Remedy tmpfiles(String path, String value) {
        return new Remedy(Kind.TMPFILES, "w " + path + " - - - - " + value);
    }

    static Remedy unit(String line) {
        return new Remedy(Kind.UNIT, line);
    }

    static Remedy hand(String sentence) {
        return new Remedy(Kind.HAND, sentence);
    }
}
