package io.karst.appliance.plan;

import io.karst.appliance.config.ExitStatus;
import io.karst.tuning.plan.Node;
import io.karst.tuning.plan.Plan;
import io.karst.tuning.plan.Workload;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code karst plan --items N --requests N ...}: prints how many servers a load needs, with every figure it used. Exit
 * status: 0, or 64 for wrong words.
 */
public final class PlanCommand {
    private static final String NUMBER = "[0-9]{1,15}[kmgtKMGT]?";
    private static final String SUFFIXES = "kmgt";

    /** What may be given, with the value when it is not. */
    private enum Figure {
        ITEMS("1g", 1, 100_000_000_000L, "items kept at one time, without replicas"),
        KEY("20", 1, 250, "bytes of a typical key"),
        VALUE("200", 0, 1 << 20, "bytes of a typical value"),
        REQUESTS("10m", 1, 1_000_000_000_000L, "requests per second at the peak"),
        READS("90", 0, 100, "of them that read, in percent"),
        REPLICAS("3", 1, 16, "copies of each item, the first one counted"),
        HOT("20", 0, 100, "items that nearly all reads ask for, in percent"),
        MEMORY("128g", 1_000_000_000, 1L << 50, "bytes of memory of one server"),
        CORES("16", 1, 1024, "cores of one server"),
        USE("70", 10, 100, "of memory and cores to plan with, in percent");

        private final String defaultText;
        private final long least;
        private final long most;
        private final String meaning;

        Figure(String defaultText, long least, long most, String meaning) {
            this.defaultText = defaultText;
            this.least = least;
            this.most = most;
            this.meaning = meaning;
        }

        private String word() {
            return "--" + name().toLowerCase(Locale.ROOT);
        }

        private static Optional<Figure> of(String word) {
            return Stream.of(values())
                    .filter(figure -> figure.word().equals(word))
                    .findFirst();
        }
    }

    private final PrintStream out;
    private final PrintStream err;

    /** A command that talks to its user here. */
    public PlanCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs it; the exit status. */
    public int run(List<String> words) {
        if (words.contains("--help")) {
            out.print(usage());
            return 0;
        }
        Map<Figure, Long> figures = new EnumMap<>(Figure.class);
        Stream.of(Figure.values()).forEach(figure -> figures.put(figure, number(figure.defaultText)));
        for (int i = 0; i < words.size(); i += 2) {
            Optional<Figure> figure = Figure.of(words.get(i));
            if (figure.isEmpty()) {
                return refuse(words.get(i) + ": not an option of plan. See karst plan --help.");
            }
            String text = i + 1 < words.size() ? words.get(i + 1) : "";
            if (!isInRange(figure.get(), text)) {
                return refuse(words.get(i) + "=\"" + text + "\": use a number from " + figure.get().least + " to "
                        + figure.get().most + ", with k, m, g or t for thousands and so on.");
            }
            figures.put(figure.get(), number(text));
        }
        out.print(plan(figures).text());
        return 0;
    }

    private static Plan plan(Map<Figure, Long> figures) {
        return new Plan(
                new Workload(
                        figures.getOrDefault(Figure.ITEMS, 0L),
                        of(figures, Figure.KEY),
                        of(figures, Figure.VALUE),
                        figures.getOrDefault(Figure.REQUESTS, 0L),
                        of(figures, Figure.READS),
                        of(figures, Figure.REPLICAS),
                        of(figures, Figure.HOT)),
                new Node(figures.getOrDefault(Figure.MEMORY, 0L), of(figures, Figure.CORES), of(figures, Figure.USE)));
    }

    private static int of(Map<Figure, Long> figures, Figure figure) {
        return Math.toIntExact(figures.getOrDefault(figure, 0L));
    }

    private static boolean isInRange(Figure figure, String text) {
        if (!text.matches(NUMBER)) {
            return false;
        }
        long value = number(text);
        return value >= figure.least && value <= figure.most;
    }

    /** Decimal: 1k is a thousand. What does not fit is a number that no range has. */
    private static long number(String text) {
        int power = SUFFIXES.indexOf(Character.toLowerCase(text.charAt(text.length() - 1))) + 1;
        long value = Long.parseLong(power == 0 ? text : text.substring(0, text.length() - 1));
        for (int i = 0; i < power; i++) {
            if (value > Long.MAX_VALUE / 1000) {
                return -1;
            }
            value *= 1000;
        }
        return value;
    }

    private static String usage() {
        StringBuilder usage =
                new StringBuilder("usage: karst plan [--items N] ...\n\nHow many servers a load needs, and why.\n\n");
        for (Figure figure : Figure.values()) {
            usage.append(String.format("  %-11s %s (%s)%n", figure.word(), figure.meaning, figure.defaultText));
        }
        return usage + "\nNumbers may end in k, m, g or t: thousands, millions and so on.\n";
    }

    private int refuse(String reason) {
        err.println("karst: " + reason);
        return ExitStatus.USAGE.code();
    }
}
