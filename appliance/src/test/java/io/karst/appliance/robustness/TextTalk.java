package io.karst.appliance.robustness;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * A client that sends every text, meta and admin command there is, right and wrong, and checks that each answer is well
 * formed. A value consists of one letter that its key tells, whoever wrote it and however often it was added to; so a byte
 * that is not its own shows. Not thread-safe.
 */
final class TextTalk implements Talk {
    private static final int KEYS = 20_000;
    private static final int NUMBERS = 500;
    private static final Pattern ROW = Pattern.compile("STAT \\S+( .*)?|PREFIX .*|ITEM \\S+ \\[.*");
    private static final Pattern DUMP_LINE = Pattern.compile(
            "OK|key=\\S+ exp=-?\\d+ la=\\d+ cas=\\d+ fetch=(yes|no)" + " cls=\\d+ size=\\d+ flags=\\d+ ?|mg \\S+( b)?");
    private static final Pattern META_LINE = Pattern.compile("(HD|NS|EX|NF|EN|ME)( .*)?");
    private static final String STORED = "STORED|NOT_STORED|EXISTS|NOT_FOUND";

    private static final List<String> FACTS = List.of(
            "stats",
            "stats settings",
            "stats items",
            "stats slabs",
            "stats sizes",
            "stats conns",
            "stats detail dump",
            "stats cachedump 1 20");

    /** Commands that are answered by one line: the command, then what it may answer. */
    private static final List<List<String>> LINES = List.of(
            List.of("version", "VERSION \\S+"),
            List.of("verbosity 0", "OK"),
            List.of("cache_memlimit 64", "OK"),
            List.of("slabs automove 1", "OK"),
            List.of("slabs reassign 1 2", "(BADCLASS|NOSPARE|OK|BUSY|NOTFULL|SAME).*"),
            List.of("lru mode flat", "OK"),
            List.of("lru tune 10 25 0.1 2.0", "OK"),
            List.of("lru temp_ttl 60", "OK"),
            List.of("lru_crawler crawl all", "OK|BUSY.*"),
            List.of("lru_crawler sleep 100", "OK"),
            List.of("stats reset", "RESET"),
            List.of("stats detail on", "OK"),
            List.of("stats detail off", "OK"),
            List.of("stats nonsense", "ERROR|RESET"),
            List.of("shutdown", "SERVER_ERROR: shutdown not enabled"),
            List.of("eviction clock", "OK"),
            List.of("eviction density", "OK"),
            List.of("eviction nonsense", "CLIENT_ERROR unknown eviction policy"),
            List.of("debugtime 1", "ERROR"),
            List.of("mn", "MN"),
            List.of("nonsense", "ERROR"),
            List.of("get", "CLIENT_ERROR.*"),
            List.of("incr v1 -1", "CLIENT_ERROR.*"),
            List.of("get " + "k".repeat(251), "CLIENT_ERROR.*"),
            List.of("mg v1 !", "CLIENT_ERROR.*"),
            List.of("mg v1 v v", "CLIENT_ERROR.*"),
            List.of("set v1 0 0 -1", "CLIENT_ERROR.*"),
            List.of("set v1 4294967296 0 1\r\n1", "CLIENT_ERROR.*"),
            List.of("set v1 0 0 2000000\r\n" + "v".repeat(2_000_000), "SERVER_ERROR object too large for cache"),
            List.of("flush_all 100000000", "OK"),
            List.of("flush_all letters", "CLIENT_ERROR.*"));

    /** What ends the connection without a word. */
    private static final List<String> ENDS =
            List.of("quit\r\n", "GET / HTTP/1.1\r\n", "get a\r\nPOST / HTTP/1.0\r\n", "x".repeat(3000));

    private final Callable<Socket> connector;
    private final Random random;
    private final Set<String> said = new TreeSet<>();
    private Socket socket;
    private InputStream in;

    TextTalk(Callable<Socket> connector, long seed) throws Exception {
        this.connector = connector;
        this.random = new Random(seed);
        this.socket = connector.call();
        this.in = new BufferedInputStream(socket.getInputStream());
    }

    @Override
    public void step() throws Exception {
        int number = random.nextInt(KEYS);
        switch (random.nextInt(100)) {
            case 0, 1, 2, 3 -> one(random(LINES));
            case 4 -> rows(FACTS.get(random.nextInt(FACTS.size())));
            case 5 -> dump(random.nextInt(300) == 0 ? "metadump all" : "metadump hash limit=50 cursor=" + number);
            case 6 -> dump("mgdump all limit=20");
            case 7 -> {
                if (random.nextInt(10) == 0) {
                    end(ENDS.get(random.nextInt(ENDS.size())));
                } else {
                    help();
                }
            }
            case 8 -> {
                if (random.nextInt(10) == 0) {
                    watch();
                } else {
                    breakOff();
                }
            }
            case 9 -> {
                // Both as seldom as an operator would: certificates read three times a second hide whatever else grows.
                if (random.nextInt(500) == 0) {
                    one(random.nextBoolean() ? List.of("flush_all", "OK") : List.of("refresh_certs", "OK"));
                } else {
                    quiet(number);
                }
            }
            case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 -> arithmetic(random.nextInt(NUMBERS));
            case 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 -> meta(number);
            case 30, 31, 32, 33, 34, 35, 36, 37, 38, 39 -> keyed(number);
            default -> {
                if (random.nextInt(3) == 0) {
                    store(number);
                } else {
                    retrieve(number);
                }
            }
        }
    }

    private <T> T random(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String letter(int number) {
        return String.valueOf((char) ('a' + number % 26));
    }

    private String value(int number) {
        int length = random.nextInt(200) == 0 ? random.nextInt(200_000) : random.nextInt(2_000);
        return letter(number).repeat(length);
    }

    private void store(int number) throws IOException {
        String command = random(List.of("set", "set", "set", "add", "replace", "append", "prepend", "cas"));
        String value = command.endsWith("pend") ? letter(number) : value(number);
        String head =
                command + " v" + number + " 7 " + random(List.of("0", "0", "1", "100", "-1")) + " " + value.length();
        one(List.of(head + (command.equals("cas") ? " 12345" : "") + "\r\n" + value, STORED + "|SERVER_ERROR .*"));
    }

    private void retrieve(int number) throws IOException {
        String command = random(List.of("get", "get", "gets", "gat 100", "gats 100"));
        StringBuilder line = new StringBuilder(command);
        int count = random.nextInt(4) == 0 ? 1 + random.nextInt(30) : 1;
        for (int i = 0; i < count; i++) {
            line.append(" v").append((number + i * 7) % KEYS);
        }
        send(line + "\r\n");
        for (String answer = line(); !answer.equals("END"); answer = line()) {
            String[] words = answer.split(" ");
            boolean isFormed = words.length == (command.startsWith("gets") || command.startsWith("gats") ? 5 : 4)
                    && words[0].equals("VALUE")
                    && words[2].equals("7");
            expect(isFormed, line.toString(), answer);
            data(words[1], Integer.parseInt(words[3]));
        }
    }

    private void keyed(int number) throws IOException {
        switch (random.nextInt(3)) {
            case 0 -> one(List.of("delete v" + number, "DELETED|NOT_FOUND"));
            case 1 -> one(List.of("touch v" + number + " 0", "TOUCHED|NOT_FOUND"));
            default -> one(List.of("me v" + number, "EN|ME v\\d+ exp=.*"));
        }
    }

    private void arithmetic(int number) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> one(List.of("set n" + number + " 0 0 3\r\n100", "STORED"));
            case 1 -> one(List.of("incr n" + number + " 5", "\\d+|NOT_FOUND"));
            case 2 -> one(List.of("decr n" + number + " 3", "\\d+|NOT_FOUND"));
            default -> metaValue("ma n" + number + " N0 J10 v t", "n" + number);
        }
    }

    private void meta(int number) throws IOException {
        String key = "v" + number;
        String value = value(number);
        switch (random.nextInt(7)) {
            case 0 -> metaValue("mg " + key + " v f s t c h l k Oq", key);
            case 1 -> metaValue("mg " + key + " s T60 R30 v", key);
            case 2 -> metaValue("ms " + key + " " + value.length() + " F7 c T0\r\n" + value, key);
            case 3 -> metaValue("ms " + key + " 1 MA F7\r\n" + letter(number), key);
            case 4 -> metaValue("md " + key + " q\r\nmn", key);
            case 5 -> metaValue("md " + key + " I T30", key);
            default -> metaValue("mg djE= b k v", "v1");
        }
    }

    private void metaValue(String request, String key) throws IOException {
        said(request);
        send(request + "\r\n");
        String answer = line();
        if (answer.startsWith("VA ")) {
            data(key, Integer.parseInt(answer.split(" ")[1]));
        } else if (!answer.equals("MN")) {
            expect(META_LINE.matcher(answer).matches() || answer.startsWith("SERVER_ERROR"), request, answer);
            if (request.endsWith("\r\nmn")) {
                expect(line().equals("MN"), request, "no MN");
            }
        }
    }

    /** Commands that are not answered, then one that is. */
    private void quiet(int number) throws IOException {
        one(List.of(
                "set v" + number + " 7 0 1 noreply\r\n" + letter(number) + "\r\ndelete v" + number
                        + " noreply\r\nincr n1 1 noreply\r\ntouch v" + number
                        + " 9 noreply\r\nverbosity 0 noreply\r\nmg v" + number + "x q\r\nmn",
                "MN"));
    }

    private void dump(String what) throws IOException {
        said("lru_crawler");
        send("lru_crawler " + what + "\r\n");
        String answer = line();
        while (!answer.matches("(END|EN)( \\d+)?")) {
            expect(DUMP_LINE.matcher(answer).matches(), what, answer);
            answer = line();
        }
    }

    private void rows(String request) throws IOException {
        said(request);
        send(request + "\r\n");
        for (String answer = line(); !answer.equals("END"); answer = line()) {
            expect(ROW.matcher(answer).matches(), request, answer);
        }
    }

    private void help() throws IOException {
        said("help");
        send("help\r\nmn\r\n");
        String answer = line();
        expect(!answer.contains("ERROR"), "help", answer);
        while (!answer.equals("MN")) {
            answer = line();
        }
    }

    private void watch() throws Exception {
        said("watch");
        send("watch fetchers mutations deletions connevents evictions\r\n");
        String answer = line();
        expect(answer.equals("OK"), "watch", answer);
        for (int i = 0; i < 50; i++) {
            answer = line();
            expect(answer.startsWith("ts="), "watch", answer);
        }
        reconnect();
    }

    private void end(String request) throws Exception {
        said(request);
        send(request);
        try {
            int next = in.read();
            while (next >= 0) {
                next = in.read();
            }
        } catch (SocketException e) {
            // Reset instead of closed: there were bytes that it did not want to read.
        }
        reconnect();
    }

    /** Leaves in the middle of a command, with a reset. */
    private void breakOff() throws Exception {
        send(random(List.of(
                "get v", "set v1 7 0 1000\r\nbbb", "set v2 7 0 100000\r\nccc", "mg v1 v", "\u0080\u0000\u0000")));
        socket.setSoLinger(true, 0);
        reconnect();
    }

    private void reconnect() throws Exception {
        socket.close();
        socket = connector.call();
        in = new BufferedInputStream(socket.getInputStream());
    }

    private void one(List<String> requestAndAnswer) throws IOException {
        String request = requestAndAnswer.get(0);
        said(request);
        send(request + "\r\n");
        String answer = line();
        expect(answer.matches(requestAndAnswer.get(1)), request, answer);
    }

    private void said(String request) {
        int length = 0;
        while (length < request.length() && request.charAt(length) > ' ') {
            length++;
        }
        said.add(request.substring(0, length));
    }

    @Override
    public Set<String> said() {
        return said;
    }

    private void send(String text) throws IOException {
        said(text);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException("closed after: " + line);
            }
            line.append((char) next);
            next = in.read();
        }
        return line.toString().replaceFirst("\r$", "");
    }

    private void data(String key, int length) throws IOException {
        byte[] bytes = in.readNBytes(length + 2);
        String value = new String(bytes, StandardCharsets.ISO_8859_1);
        expect(value.endsWith("\r\n"), "data of " + key, value);
        Talk.checkValue(key, value.substring(0, length));
    }

    private static void expect(boolean isRight, String request, String answer) {
        if (!isRight) {
            throw new AssertionError(shown(request) + " answered " + shown(answer));
        }
    }

    private static String shown(String text) {
        return text.length() > 300 ? text.substring(0, 300) + "..." : text;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
