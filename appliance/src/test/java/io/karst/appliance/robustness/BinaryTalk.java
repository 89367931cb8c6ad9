package io.karst.appliance.robustness;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.protocol.BinaryOpcode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/** {@link TextTalk}'s counterpart: every binary opcode, loud and quiet, and one that there is not. Not thread-safe. */
final class BinaryTalk implements Talk {
    private static final int KEYS = 20_000;
    private static final int UNKNOWN = 0x1b;
    private static final int NOOP = BinaryOpcode.NOOP.code();
    private static final Set<Integer> STATUSES = Set.of(0, 1, 2, 3, 4, 5, 6, 0x20, 0x81, 0x82);

    private final InetSocketAddress address;
    private final Random random;
    private final Set<String> said = new TreeSet<>();
    private BinaryClient client;

    BinaryTalk(InetSocketAddress address, long seed) throws IOException {
        this.address = address;
        this.random = new Random(seed);
        this.client = new BinaryClient(address);
    }

    @Override
    public void step() throws Exception {
        BinaryOpcode opcode = BinaryOpcode.values()[random.nextInt(BinaryOpcode.values().length)];
        boolean isRare = opcode.action() == BinaryOpcode.Action.FLUSH || opcode.action() == BinaryOpcode.Action.QUIT;
        if (isRare && random.nextInt(50) != 0) {
            return;
        }
        said.add("binary " + opcode);
        int number = random.nextInt(KEYS);
        String key = "v" + number;
        String value = String.valueOf((char) ('a' + number % 26)).repeat(random.nextInt(2_000));
        String extras = "";
        switch (opcode.action()) {
            case SET, ADD, REPLACE -> extras = BinaryClient.storing(7, 0);
            case APPEND, PREPEND -> value = value.isEmpty() ? "" : value.substring(0, 1);
            case INCREMENT, DECREMENT -> {
                key = "n" + number % 500;
                extras = BinaryClient.adding(3, 10, 0);
                value = "";
            }
            case TOUCH, GET_AND_TOUCH, GET_AND_TOUCH_WITH_KEY -> {
                extras = BinaryClient.exptime(100);
                value = "";
            }
            case FLUSH -> {
                extras = BinaryClient.exptime(100_000_000);
                key = "";
                value = "";
            }
            case STAT -> {
                key = random.nextBoolean() ? "" : "settings";
                value = "";
            }
            case SASL -> {
                key = opcode == BinaryOpcode.SASL_LIST_MECHS ? "" : "PLAIN";
                value = opcode == BinaryOpcode.SASL_LIST_MECHS ? "" : "\u0000a\u0000b";
            }
            case NOOP, VERSION, QUIT -> {
                key = "";
                value = "";
            }
            default -> value = "";
        }
        client.send(opcode.code(), 0, extras, key, value);
        if (opcode.action() == BinaryOpcode.Action.QUIT) {
            if (!opcode.isQuiet()) {
                check(client.answer(), opcode.code(), key);
            }
            expect(client.isClosed(), opcode + " did not close");
            client.close();
            client = new BinaryClient(address);
            return;
        }
        if (random.nextInt(50) == 0) {
            client.send(UNKNOWN, 0, "", "k", "value");
        }
        client.send(BinaryClient.packet(NOOP, 0x0e0d, 0, "", "", ""));
        BinaryClient.Answer answer = client.answer();
        while (answer.opaque() != 0x0e0d) {
            if (answer.opcode() == UNKNOWN) {
                expect(answer.status() == 0x81, "unknown opcode answered " + answer.status());
            } else {
                check(answer, opcode.code(), key);
            }
            answer = client.answer();
        }
        expect(answer.opcode() == NOOP && answer.status() == 0, "NOOP answered " + answer);
    }

    private static void check(BinaryClient.Answer answer, int opcode, String key) {
        expect(
                answer.opcode() == opcode
                        && answer.opaque() == (0xabcd0000 | opcode)
                        && STATUSES.contains(answer.status()),
                "opcode " + opcode + " of " + key + " answered " + answer);
        if (answer.status() == 0 && answer.extras().length() == 4 && key.startsWith("v")) {
            Talk.checkValue(key, answer.value());
        }
    }

    private static void expect(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new AssertionError(otherwise.length() > 300 ? otherwise.substring(0, 300) : otherwise);
        }
    }

    @Override
    public Set<String> said() {
        return said;
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
