package io.karst.appliance.warm;

import io.karst.appliance.cli.Endpoint;
import io.karst.appliance.cli.TextClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The copy: one connection lists the source's keys ({@code lru_crawler metadump all}), a second fetches their values in
 * batches, the next one asked for while the last one is answered, a third stores them. Holds one batch of keys and one
 * value at a time; runs on the caller's thread, once.
 *
 * <p>Times to live are carried over as what remains of them by the source's clock. Items are stored with {@code add}, so
 * that what a client has written to the target meanwhile, and is newer, stays.
 */
final class Warming {
    private static final int KEYS_PER_BATCH = 100;
    private static final long RELATIVE_MAX = 60 * 60 * 24 * 30;
    private static final Pattern LISTED = Pattern.compile("key=(\\S+) exp=(-?\\d+) .*");

    private final Endpoint from;
    private final Endpoint to;
    private final String verb;
    private final Counts counts;
    private final Consumer<String> progress;
    private byte[] value = new byte[1 << 16];
    private long startNs;
    private long reportedNs;
    private long sourceTime;
    private long targetTime;
    /** Whether the list is at its end. */
    private boolean isListed;

    /** A listed key and when it expires by the source's clock, Unix seconds, -1 for never. */
    private record Listed(String key, long expiresAt) {}

    /** What became of the items; written by the copying thread only. */
    static final class Counts {
        private long listed;
        private long copied;
        private long bytes;
        private long vanished;
        private long present;
        private long refused;
        private String refusal = "";
        private long unspeakable;
        private long nanos;

        long copied() {
            return copied;
        }

        long refused() {
            return refused;
        }

        /** What the target said when it last refused an item. */
        String refusal() {
            return refusal;
        }

        /** {@code 12 items, 0.1 MiB copied in 0.2 s; 3 vanished, ...}. */
        String summary() {
            return String.format(
                    Locale.ROOT,
                    "%d of %d items copied, %.1f MiB in %.1f s; not copied: %d vanished or expired, %d already there, %d"
                            + " refused, %d with keys that the text protocol cannot say",
                    copied,
                    listed,
                    bytes / (double) (1 << 20),
                    nanos / 1e9,
                    vanished,
                    present,
                    refused,
                    unspeakable);
        }
    }

    /** @param overwrites whether items replace what the target already has */
    Warming(Endpoint from, Endpoint to, boolean overwrites, Counts counts, Consumer<String> progress) {
        this.from = from;
        this.to = to;
        this.verb = overwrites ? "set " : "add ";
        this.counts = counts;
        this.progress = progress;
    }

    void run() throws IOException {
        startNs = System.nanoTime();
        reportedNs = startNs;
        try (TextClient list = new TextClient(from);
                TextClient source = new TextClient(from);
                TextClient target = new TextClient(to)) {
            sourceTime = source.time();
            targetTime = target.time();
            list.write("lru_crawler metadump all\r\n");
            list.flush();
            copy(list, source, target);
        }
        counts.nanos = System.nanoTime() - startNs;
    }

    private void copy(TextClient list, TextClient source, TextClient target) throws IOException {
        int unanswered = 0;
        List<Listed> asked = ask(source, next(list));
        while (!asked.isEmpty()) {
            List<Listed> following = ask(source, next(list));
            int stored = transfer(source, asked, target);
            answers(target, unanswered);
            unanswered = stored;
            asked = following;
            report();
        }
        answers(target, unanswered);
    }

    /** The next keys of the list; empty at its end. */
    private List<Listed> next(TextClient list) throws IOException {
        List<Listed> batch = new ArrayList<>(KEYS_PER_BATCH);
        while (batch.size() < KEYS_PER_BATCH && !isListed) {
            String line = list.line();
            Matcher matcher = LISTED.matcher(line);
            if (matcher.matches()) {
                counts.listed++;
                String key = decode(matcher.group(1));
                if (key.chars().anyMatch(c -> c <= ' ')) {
                    counts.unspeakable++;
                } else {
                    batch.add(new Listed(key, Long.parseLong(matcher.group(2))));
                }
            } else if (line.equals("END")) {
                isListed = true;
            } else if (!line.equals("OK")) {
                throw new IOException(from + " does not list its keys: " + line);
            }
        }
        return batch;
    }

    private static List<Listed> ask(TextClient source, List<Listed> batch) throws IOException {
        if (!batch.isEmpty()) {
            source.write("get");
            for (Listed item : batch) {
                source.write(" " + item.key());
            }
            source.write("\r\n");
            source.flush();
        }
        return batch;
    }

    /** Reads the answer to a batch and sends what is in it on; how many answers the target owes for it. */
    private int transfer(TextClient source, List<Listed> asked, TextClient target) throws IOException {
        int stored = 0;
        int position = 0;
        for (String line = source.line(); !line.equals("END"); line = source.line()) {
            String[] words = line.split(" ");
            if (words.length != 4 || !words[0].equals("VALUE") || !words[3].matches("[0-9]{1,9}")) {
                throw new IOException(from + " answered get with: " + line);
            }
            int length = Integer.parseInt(words[3]);
            if (value.length < length + 2) {
                value = new byte[length + 2];
            }
            source.read(value, length + 2);
            while (position < asked.size() && !asked.get(position).key().equals(words[1])) {
                position++;
                counts.vanished++;
            }
            if (position == asked.size()) {
                throw new IOException(from + " answered get with a key that it was not asked for");
            }
            long exptime = exptime(asked.get(position++).expiresAt());
            if (exptime < 0) {
                counts.vanished++;
            } else {
                target.write(verb + words[1] + " " + words[2] + " " + exptime + " " + length + "\r\n");
                target.write(value, length + 2);
                stored++;
                counts.bytes += length;
            }
        }
        counts.vanished += asked.size() - position;
        target.flush();
        return stored;
    }

    /** What remains of a time to live, as the target wants to be told; -1 when nothing does. */
    private long exptime(long expiresAt) {
        if (expiresAt < 0) {
            return 0;
        }
        long elapsed = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startNs);
        long ttl = expiresAt - sourceTime - elapsed;
        if (ttl <= 0) {
            return -1;
        }
        return ttl <= RELATIVE_MAX ? ttl : targetTime + elapsed + ttl;
    }

    private void answers(TextClient target, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String answer = target.line();
            if (answer.equals("STORED")) {
                counts.copied++;
            } else if (answer.equals("NOT_STORED")) {
                counts.present++;
            } else if (answer.startsWith("SERVER_ERROR") || answer.startsWith("CLIENT_ERROR")) {
                counts.refused++;
                counts.refusal = answer;
            } else {
                throw new IOException(to + " answered " + verb + "with: " + answer);
            }
        }
    }

    private void report() {
        long now = System.nanoTime();
        if (now - reportedNs >= TimeUnit.SECONDS.toNanos(1)) {
            reportedNs = now;
            counts.nanos = now - startNs;
            progress.accept(counts.summary());
        }
    }

    /** A key as the text protocol writes it, from its URI-encoded form. */
    private static String decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded;
        }
        StringBuilder key = new StringBuilder(encoded.length());
        byte[] bytes = encoded.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%' && i + 2 < bytes.length) {
                key.append((char) (Character.digit(bytes[i + 1], 16) << 4 | Character.digit(bytes[i + 2], 16)));
                i += 2;
            } else {
                key.append((char) bytes[i]);
            }
        }
        return key.toString();
    }
}
