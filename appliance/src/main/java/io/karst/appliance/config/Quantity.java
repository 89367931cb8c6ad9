package io.karst.appliance.config;

/** Lengths in bytes as operators write them: digits with an optional k, m or g, in binary units. */
final class Quantity {
    private static final String UNITS = "kmg";

    private Quantity() {}

    /**
     * The bytes that {@code text} stands for.
     *
     * @param plainUnit how many bytes a number without a letter counts
     * @return bytes, or -1 when the text is not a size or does not fit a long
     */
    static long bytes(String text, long plainUnit) {
        int last = text.length() - 1;
        int unit = last < 0 ? -1 : UNITS.indexOf(Character.toLowerCase(text.charAt(last)));
        String digits = unit < 0 ? text : text.substring(0, last);
        if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        long scale = unit < 0 ? plainUnit : 1L << (10 * (unit + 1));
        long count = Long.parseLong(digits);
        return count > Long.MAX_VALUE / scale ? -1 : count * scale;
    }

    /** The shortest exact way to write so many bytes, such as {@code 64m}. */
    static String text(long bytes) {
        for (int unit = UNITS.length(); unit > 0; unit--) {
            long scale = 1L << (10 * unit);
            if (bytes >= scale && bytes % scale == 0) {
                return bytes / scale + UNITS.substring(unit - 1, unit);
            }
        }
        return String.valueOf(bytes);
    }

    /** So many bytes for a human, in whole MiB. */
    static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }
}
