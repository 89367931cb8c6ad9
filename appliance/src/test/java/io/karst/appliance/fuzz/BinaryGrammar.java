package io.karst.appliance.fuzz;

/** Requests of the binary protocol: header and body agree, unless chosen otherwise. Stateless. */
final class BinaryGrammar implements FuzzScript.Grammar {
    private static final int OPCODES = 0x28;
    private static final int[] EXPTIMES = {0, 1, 60, -1, 2_592_001, Integer.MAX_VALUE, Integer.MIN_VALUE, 1_800_000_000
    };
    private static final String[] GROUPS = {
        "", "settings", "items", "slabs", "sizes", "reset", "detail on", "detail dump", "detail off", "conns", "x"
    };

    @Override
    public void command(FuzzScript choices, Bytes out) {
        int opcode = choices.next(OPCODES);
        int keyChoice = choices.next();
        int wrong = choices.next();
        int at = out.length();
        out.repeat(0, 24);
        int extras = extras(opcode, choices, wrong, out);
        int keyFrom = out.length();
        key(opcode, keyChoice, out);
        int keyLength = out.length() - keyFrom;
        if (hasValue(opcode)) {
            int length = TextGrammar.valueLength(choices);
            int fill = choices.next();
            out.repeat(fill < 128 ? '0' + fill % 10 : fill, length);
        }
        int end = out.length();
        int body = end - at - 24;
        int announced = body;
        switch (wrong) {
            case 255 -> announced = choices.next();
            case 254 -> announced = body + choices.next();
            case 253 -> keyLength = choices.next();
            case 252 -> extras = choices.next();
            case 251 -> announced = Integer.MAX_VALUE - choices.next();
            case 250 -> announced = -1;
            default -> {}
        }
        out.cut(at);
        out.add(wrong == 249 ? choices.next() : 0x80).add(opcode).number(keyLength, 2);
        out.add(extras).add(0).number(0, 2).number(announced, 4).number(at * 31L + opcode, 4);
        out.number(wrong >= 224 && wrong < 240 ? wrong - 224L : 0, 8);
        out.cut(end);
    }

    private static int extras(int opcode, FuzzScript choices, int wrong, Bytes out) {
        int from = out.length();
        switch (opcode) {
            case 0x01, 0x02, 0x03, 0x11, 0x12, 0x13 ->
                out.number(choices.next(), 4).number(exptime(choices), 4);
            case 0x05, 0x06, 0x15, 0x16 ->
                out.number(number(choices), 8).number(number(choices), 8).number(exptime(choices), 4);
            case 0x1c, 0x1d, 0x1e, 0x23, 0x24 -> out.number(exptime(choices), 4);
            case 0x08, 0x18 -> {
                if (choices.next(2) == 0) {
                    out.number(exptime(choices), 4);
                }
            }
            default -> {}
        }
        if (wrong == 248) {
            out.repeat(choices.next(), 1 + choices.next(8));
        }
        return out.length() - from;
    }

    private static void key(int opcode, int choice, Bytes out) {
        switch (opcode) {
            case 0x07, 0x08, 0x0a, 0x0b, 0x17, 0x18, 0x20 -> {
                if (choice == 255) {
                    out.add("key");
                }
            }
            case 0x10 -> out.add(GROUPS[choice % GROUPS.length]);
            case 0x21, 0x22 -> out.add(choice % 2 == 0 ? "PLAIN" : "SCRAM-SHA-256");
            default -> {
                if (choice >= 252) {
                    out.repeat('k', choice - 3);
                } else {
                    out.add(choice < 240 ? "key" + choice % 8 : "bin \n" + choice);
                }
            }
        }
    }

    private static boolean hasValue(int opcode) {
        return switch (opcode) {
            case 0x01, 0x02, 0x03, 0x0e, 0x0f, 0x11, 0x12, 0x13, 0x19, 0x1a, 0x1b, 0x21, 0x22, 0x25 -> true;
            default -> false;
        };
    }

    private static long exptime(FuzzScript choices) {
        return EXPTIMES[choices.next(EXPTIMES.length)];
    }

    private static long number(FuzzScript choices) {
        int choice = choices.next();
        return choice < 250 ? choice : choice - 256L;
    }
}
