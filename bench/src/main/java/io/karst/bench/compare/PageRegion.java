package io.karst.bench.compare;

/** The part of a page that a program writes, between two marker lines; what people wrote around it stays. */
public final class PageRegion {
    private PageRegion() {}

    /** {@code page} with {@code region} between its markers, or at its end when it has none. */
    public static String insert(String page, String begin, String end, String region) {
        int from = page.indexOf(begin);
        int to = page.indexOf(end);
        String before = from >= 0 ? page.substring(0, from) : page.stripTrailing() + "\n\n";
        String after = from >= 0 && to > from ? page.substring(to + end.length()) : "\n";
        return before + begin + "\n" + region + end + after;
    }
}
