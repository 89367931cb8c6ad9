package io.karst.appliance.auth;

import java.text.Normalizer;
import java.util.Optional;
import java.util.PrimitiveIterator;

/**
 * Names and passwords in the one form in which they are compared: SASLprep, RFC 4013, so that a client may type an
 * umlaut as one character or as two. The JDK's Unicode stands in for the RFC's Unicode 3.2.
 */
final class Saslprep {
    private static final int SOFT_HYPHEN = 0xad;

    private Saslprep() {}

    /** The prepared text; empty when it holds what must not be in a name: controls, private use, mixed directions. */
    static Optional<String> prepare(String text) {
        StringBuilder mapped = new StringBuilder(text.length());
        PrimitiveIterator.OfInt points = text.codePoints().iterator();
        while (points.hasNext()) {
            int point = points.nextInt();
            if (Character.getType(point) == Character.SPACE_SEPARATOR) {
                mapped.append(' ');
            } else if (!isMappedToNothing(point)) {
                mapped.appendCodePoint(point);
            }
        }
        String normal = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
        boolean isAllowed = normal.codePoints().noneMatch(Saslprep::isProhibited) && hasOneDirection(normal);
        return isAllowed ? Optional.of(normal) : Optional.empty();
    }

    // Table B.1 of RFC 3454: what is invisible, and typed or not by accident.
    private static boolean isMappedToNothing(int point) {
        return switch (point) {
            case SOFT_HYPHEN, 0x34f, 0x1806, 0x180b, 0x180c, 0x180d, 0x200b, 0x200c, 0x200d, 0x2060, 0xfeff -> true;
            default -> point >= 0xfe00 && point <= 0xfe0f;
        };
    }

    private static boolean isProhibited(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> (point >= 0xfff9 && point <= 0xfffd) || (point >= 0x2ff0 && point <= 0x2ffb);
        };
    }

    private static boolean hasOneDirection(String text) {
        if (text.codePoints().noneMatch(Saslprep::isRightToLeft)) {
            return true;
        }
        return text.codePoints().noneMatch(Saslprep::isLeftToRight)
                && isRightToLeft(text.codePointAt(0))
                && isRightToLeft(text.codePointBefore(text.length()));
    }

    private static boolean isRightToLeft(int point) {
        byte direction = Character.getDirectionality(point);
        return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
    }

    private static boolean isLeftToRight(int point) {
        return Character.getDirectionality(point) == Character.DIRECTIONALITY_LEFT_TO_RIGHT;
    }
}
