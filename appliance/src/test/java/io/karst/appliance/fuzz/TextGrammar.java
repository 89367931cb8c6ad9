package io.karst.appliance.fuzz;

/** Commands of the classic protocol and of the meta protocol. Stateless. */
final class TextGrammar implements FuzzScript.Grammar {
    /** Mostly classic commands. */
    static final TextGrammar CLASSIC = new TextGrammar(13, 14);

    /** Mostly meta commands. */
    static final TextGrammar META = new TextGrammar(3, 14);

    private static final String[] STORAGE = {"set", "add", "replace", "append", "prepend", "cas"};
    private static final String[] RETRIEVAL = {"get ", "gets ", "gat 0 ", "gats 60 ", "gat -1 "};
    private static final String[] META_COMMANDS = {"mg", "ms", "md", "ma", "me", "mn"};
    private static final String META_FLAGS = "bcfhklOqstuvxCDEFIJMNRTLPS";
    private static final String[] NUMBERS = {
        "0",
        "1",
        "2",
        "5",
        "9",
        "30",
        "-1",
        "100",
        "2592000",
        "2592001",
        "1800000000",
        "2147483647",
        "2147483648",
        "4294967295",
        "4294967296",
        "9223372036854775807",
        "18446744073709551615",
        "18446744073709551616",
        "99999999999999999999999",
        "abc",
        "0.2",
        "-0",
        "+1",
        "01"
    };
    private static final String[] MODES = {"S", "E", "A", "P", "R", "I", "D", "+", "-", "s", "q", ""};
    private static final String[] ADMIN = {
        "stats",
        "stats settings",
        "stats items",
        "stats slabs",
        "stats sizes",
        "stats conns",
        "stats reset",
        "stats detail on",
        "stats detail off",
        "stats detail dump",
        "stats cachedump 1 0",
        "stats cachedump 2 3",
        "stats nothing",
        "version",
        "verbosity 2",
        "verbosity 0 noreply",
        "flush_all",
        "flush_all 5",
        "flush_all -1 noreply",
        "lru_crawler metadump all",
        "lru_crawler mgdump all",
        "lru_crawler metadump all limit=2",
        "lru_crawler mgdump 1,2 cursor=3",
        "lru_crawler crawl all",
        "lru mode flat",
        "lru tune 10 25 0.1 2.0",
        "slabs reassign 1 2",
        "slabs automove 1",
        "cache_memlimit 64",
        "cache_memlimit 7",
        "watch",
        "watch mutations evictions deletions",
        "watch fetchers connevents",
        "watch nothing",
        "shutdown nothing",
        "refresh_certs",
        "debugtime 1",
        "help",
        "quit",
        "GET / HTTP/1.1",
        "misbehave"
    };

    private final int classicShare;
    private final int total;

    private TextGrammar(int classicShare, int total) {
        this.classicShare = classicShare;
        this.total = total;
    }

    @Override
    public void command(FuzzScript choices, Bytes out) {
        if (choices.next(total) < classicShare) {
            classic(choices, out);
        } else {
            meta(choices, out);
        }
    }

    private static void classic(FuzzScript choices, Bytes out) {
        switch (choices.next(8)) {
            case 0, 1, 2 -> storage(choices, out);
            case 3, 4 -> {
                out.add(RETRIEVAL[choices.next(RETRIEVAL.length)]);
                int keys = 1 + choices.next() / 4;
                for (int i = 0; i < keys; i++) {
                    key(i < 4 ? choices.next() : i, out);
                    out.add(' ');
                }
                end(choices, out);
            }
            case 5 -> {
                out.add(choices.next(2) == 0 ? "incr " : "decr ");
                key(choices.next(), out);
                out.add(" " + number(choices));
                noreply(choices, out);
                end(choices, out);
            }
            case 6 -> {
                boolean deletes = choices.next(2) == 0;
                out.add(deletes ? "delete " : "touch ");
                key(choices.next(), out);
                out.add(deletes ? "" : " " + number(choices));
                noreply(choices, out);
                end(choices, out);
            }
            default -> {
                out.add(ADMIN[choices.next(ADMIN.length)]);
                end(choices, out);
            }
        }
    }

    private static void storage(FuzzScript choices, Bytes out) {
        String name = STORAGE[choices.next(STORAGE.length)];
        out.add(name).add(' ');
        key(choices.next(), out);
        int how = choices.next();
        out.add(how < 200 ? " 7 0 " : " " + number(choices) + " " + number(choices) + " ");
        int length = valueLength(choices);
        out.add(how % 32 == 31 ? number(choices) : Integer.toString(length));
        if (name.equals("cas")) {
            out.add(" " + number(choices));
        }
        noreply(choices, out);
        end(choices, out);
        data(choices, length, out);
    }

    private static void meta(FuzzScript choices, Bytes out) {
        String name = META_COMMANDS[choices.next(META_COMMANDS.length)];
        out.add(name);
        if (name.equals("mn")) {
            end(choices, out);
            return;
        }
        out.add(' ');
        int key = choices.next();
        // Every other key in base64, a few of them without the flag that says so.
        boolean isEncoded = key >= 128;
        if (isEncoded) {
            out.add(key % 2 == 0 ? "a2V5IAo=" : "AAECAw==");
        } else {
            key(key, out);
        }
        int length = 0;
        if (name.equals("ms")) {
            length = valueLength(choices);
            out.add(" " + length);
        }
        if (isEncoded && key % 8 != 0) {
            out.add(" b");
        }
        int flags = choices.next(10);
        for (int i = 0; i < flags; i++) {
            flag(choices, out);
        }
        end(choices, out);
        if (name.equals("ms")) {
            data(choices, length, out);
        }
    }

    private static void flag(FuzzScript choices, Bytes out) {
        char letter = META_FLAGS.charAt(choices.next(META_FLAGS.length()));
        out.add(' ').add(letter);
        switch (letter) {
            case 'O', 'L', 'P' -> out.repeat('a' + choices.next(26), choices.next(40));
            case 'M' -> out.add(MODES[choices.next(MODES.length)]);
            case 'C', 'D', 'E', 'F', 'J', 'N', 'R', 'T', 'S' -> out.add(number(choices));
            default -> {}
        }
    }

    private static String number(FuzzScript choices) {
        return NUMBERS[choices.next(NUMBERS.length)];
    }

    private static void noreply(FuzzScript choices, Bytes out) {
        if (choices.next(4) == 3) {
            out.add(" noreply");
        }
    }

    private static void end(FuzzScript choices, Bytes out) {
        int how = choices.next();
        out.add(how < 240 ? "\r\n" : how < 250 ? "\n" : how < 253 ? " \r\n" : "");
    }

    private static void key(int choice, Bytes out) {
        if (choice == 250) {
            out.repeat('k', 250);
        } else if (choice == 251) {
            out.repeat('k', 251);
        } else {
            out.add("key" + choice % 8);
        }
    }

    /** Bytes of a value: mostly few, some around the limits. */
    static int valueLength(FuzzScript choices) {
        int choice = choices.next();
        if (choice < 200) {
            return choice % 24;
        }
        return switch (choice % 8) {
            case 0 -> 16 * 1024 - choices.next();
            case 1 -> FuzzNode.ITEM_SIZE_MAX - choices.next();
            case 2 -> FuzzNode.ITEM_SIZE_MAX + choices.next();
            case 3 -> 4096 + choices.next();
            default -> 8 * choices.next();
        };
    }

    private static void data(FuzzScript choices, int length, Bytes out) {
        int fill = choices.next();
        int off = choices.next();
        // Numbers, so that there is something to count with; letters; any bytes.
        out.repeat(fill < 128 ? '0' + fill % 10 : fill, Math.max(0, length + (off == 255 ? 1 : off == 254 ? -1 : 0)));
        out.add(off == 253 ? "\n" : "\r\n");
    }
}
