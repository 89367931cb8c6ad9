package io.karst.protocol.transcript;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A conversation: what is sent, and word for word what must come back.
 *
 * <pre>
 *   # comment
 *   &gt; set a 0 0 1             sent, with \r\n
 *   &gt;&gt; get a\n                sent as written: \r \n \\ \s (space) \xHH
 *   &lt; STORED                  must be answered, with \r\n
 *   (nothing)                  no answer: whatever comes next must be the answer to something later
 *   (closed)                   the server closes; the last line of a file
 *   {@literal @}sleep 2                   seconds pass; everything before must have been answered
 *   {@literal @}not memcached-1.6.18 why  this witness is known to differ: the whole file is not played to it
 *
 *   {x*250}  250 times x       {name}  any word when answered the first time, the same word from then on
 *   {any}    any text to the end of the line, answers only
 * </pre>
 */
public final class Transcript {
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final Pattern BRACES = Pattern.compile("\\{(?:(.)\\*(\\d+)|([a-z]+))\\}");

    /** What happens next. */
    private enum Kind {
        SEND,
        EXPECT,
        CLOSED,
        SLEEP
    }

    private record Step(Kind kind, String text, int lineNumber) {}

    private final String name;
    private final List<Step> steps = new ArrayList<>();
    private final List<String> notFor = new ArrayList<>();

    private Transcript(String name, String content) {
        this.name = name;
        int lineNumber = 0;
        for (String line : content.split("\n")) {
            parse(line, ++lineNumber);
        }
    }

    private void parse(String line, int lineNumber) {
        if (line.startsWith(">> ")) {
            steps.add(new Step(Kind.SEND, unescape(repeat(line.substring(3))), lineNumber));
        } else if (line.startsWith(">")) {
            steps.add(new Step(Kind.SEND, repeat(afterMark(line)) + "\r\n", lineNumber));
        } else if (line.startsWith("<")) {
            steps.add(new Step(Kind.EXPECT, repeat(afterMark(line)) + "\r\n", lineNumber));
        } else if (line.equals("(closed)")) {
            steps.add(new Step(Kind.CLOSED, "", lineNumber));
        } else if (line.startsWith("@sleep ")) {
            steps.add(new Step(Kind.SLEEP, line.substring(7).trim(), lineNumber));
        } else if (line.startsWith("@not ")) {
            notFor.add(line.split(" ")[1]);
        } else if (!line.isEmpty() && !line.startsWith("#") && !line.equals("(nothing)")) {
            throw new IllegalArgumentException(name + ":" + lineNumber + ": not a transcript line: " + line);
        }
    }

    private static String afterMark(String line) {
        return line.length() > 1 ? line.substring(2) : "";
    }

    private static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escaped = text.charAt(++i);
            switch (escaped) {
                case 'r' -> out.append('\r');
                case 'n' -> out.append('\n');
                case 's' -> out.append(' ');
                case '0' -> out.append('\0');
                case 'x' -> {
                    out.append((char) Integer.parseInt(text.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> out.append(escaped);
            }
        }
        return out.toString();
    }

    /** {@code {x*3}} becomes {@code xxx}; names stay. */
    private static String repeat(String text) {
        return BRACES.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        match.group(1) == null
                                ? match.group()
                                : match.group(1).repeat(Integer.parseInt(match.group(2)))));
    }

    /** The transcript of a resource on the class path, {@code transcripts/<name>.txt}. */
    public static Transcript load(String name) {
        String path = "/transcripts/" + name + ".txt";
        try (InputStream in = Transcript.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + path);
            }
            return new Transcript(name, new String(in.readAllBytes(), BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The transcript in a file. */
    public static Transcript read(Path file) {
        try {
            return new Transcript(String.valueOf(file.getFileName()), Files.readString(file, BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * This conversation with another answer in one place: for a witness whose difference is known.
     *
     * @param lineNumber of the answer, from 1
     * @param answer what is expected there, with every line end written as in {@code >>} lines; may be empty
     * @throws IllegalArgumentException when no answer stands on that line
     */
    public Transcript withAnswer(int lineNumber, String answer) {
        Transcript changed = new Transcript(name, "");
        changed.notFor.addAll(notFor);
        for (Step step : steps) {
            boolean isMeant = step.kind == Kind.EXPECT && step.lineNumber == lineNumber;
            changed.steps.add(isMeant ? new Step(Kind.EXPECT, unescape(answer), lineNumber) : step);
        }
        if (changed.steps.equals(steps)) {
            throw new IllegalArgumentException(name + ":" + lineNumber + ": no answer here, or the same one");
        }
        return changed;
    }

    /** Every transcript, as {@code transcripts/index.txt} lists them. */
    public static List<Transcript> all() {
        try (InputStream in = Transcript.class.getResourceAsStream("/transcripts/index.txt")) {
            if (in == null) {
                throw new IllegalStateException("no transcripts/index.txt");
            }
            return new String(in.readAllBytes(), BYTES)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(Transcript::load)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file's name without its ending. */
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }

    /** Whether a witness is known to differ. */
    public boolean isNotFor(String witness) {
        return notFor.contains(witness);
    }

    /** Whether time passes in it, so that it cannot be sent as one stream. */
    public boolean hasSleep() {
        return steps.stream().anyMatch(step -> step.kind == Kind.SLEEP);
    }

    /** Whether its answers carry words that differ from run to run. */
    public boolean hasNames() {
        return steps.stream().anyMatch(step -> BRACES.matcher(step.text).find());
    }

    /** Whether the server closes at its end. */
    public boolean endsClosed() {
        return !steps.isEmpty() && steps.get(steps.size() - 1).kind == Kind.CLOSED;
    }

    /** Everything sent, one after the other, with the words of a former play filled in. */
    public byte[] stream(Map<String, String> words) {
        StringBuilder all = new StringBuilder();
        for (Step step : steps) {
            if (step.kind == Kind.SEND) {
                all.append(fill(step.text, words));
            }
        }
        return all.toString().getBytes(BYTES);
    }

    /**
     * Plays it, waiting for the answers that stand between two things sent.
     *
     * @return the words that stood for the names
     */
    public Map<String, String> play(Witness witness) throws IOException {
        Map<String, String> words = new HashMap<>();
        for (Step step : steps) {
            switch (step.kind) {
                case SEND -> witness.send(fill(step.text, words).getBytes(BYTES));
                case EXPECT -> expect(step, witness, words);
                case SLEEP -> witness.advance(Integer.parseInt(step.text));
                case CLOSED -> {
                    if (!witness.isClosed()) {
                        throw new AssertionError(where(step) + "expected that " + witness.name() + " closes");
                    }
                }
            }
        }
        return words;
    }

    private void expect(Step step, Witness witness, Map<String, String> words) throws IOException {
        String expected = fill(step.text, words);
        String actual;
        if (BRACES.matcher(expected).find()) {
            StringBuilder line = new StringBuilder();
            byte[] next = witness.receive(1);
            while (next.length == 1) {
                line.append((char) (next[0] & 0xff));
                if (next[0] == '\n') {
                    break;
                }
                next = witness.receive(1);
            }
            actual = line.toString();
            expected = learn(expected, actual, words);
        } else {
            actual = new String(witness.receive(expected.length()), BYTES);
        }
        if (!actual.equals(expected)) {
            throw new AssertionError(where(step) + "expected <" + printable(expected) + "> from " + witness.name()
                    + " but was <" + printable(actual) + ">");
        }
    }

    private String where(Step step) {
        return name + ":" + step.lineNumber + ": ";
    }

    private static String fill(String text, Map<String, String> words) {
        return BRACES.matcher(text).replaceAll(match -> {
            @Nullable String word = words.get(match.group(3));
            return Matcher.quoteReplacement(word == null ? match.group() : word);
        });
    }

    /** Learns what stands for the names of a line; returns the line as it should have been. */
    private static String learn(String template, String actual, Map<String, String> words) {
        StringBuilder regex = new StringBuilder();
        List<String> names = new ArrayList<>();
        Matcher braces = BRACES.matcher(template);
        int from = 0;
        while (braces.find()) {
            regex.append(Pattern.quote(template.substring(from, braces.start())));
            boolean isAny = "any".equals(braces.group(3));
            regex.append(isAny ? "(.*)" : "(\\S+)");
            names.add(isAny ? "" : braces.group(3));
            from = braces.end();
        }
        regex.append(Pattern.quote(template.substring(from)));
        Matcher matcher = Pattern.compile(regex.toString()).matcher(actual);
        if (!matcher.matches()) {
            return template;
        }
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).isEmpty()) {
                words.put(names.get(i), matcher.group(i + 1));
            }
        }
        return actual;
    }

    /** A line with its invisible bytes shown, long runs cut. */
    public static String printable(String text) {
        String shown = text.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
        return shown.length() <= 400 ? shown : shown.substring(0, 400) + "... (" + text.length() + " bytes)";
    }
}
