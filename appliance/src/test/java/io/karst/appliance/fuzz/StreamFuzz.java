package io.karst.appliance.fuzz;

import static io.karst.appliance.fuzz.FuzzNode.require;

import java.util.Arrays;

/**
 * Plays inputs as connections, and judges what comes back: whole replies of the dialect, in order, and an answer to a
 * probe as soon as what the client has begun is complete; the loop's other connection answers in any case. One thread.
 */
final class StreamFuzz implements FuzzScript.Client {
    private static final int PROBE_OPCODE = 0x0a;
    private static final int FILL_BYTES = 512;

    /** Every so many streams, by their length, are asked about a value that is refused, too. */
    private static final int INPUTS_PER_LONG_PROBE = 32;

    /** A value is swallowed up to eight times the largest item. */
    private static final int FILLS_MAX = 9 * FuzzNode.ITEM_SIZE_MAX / FILL_BYTES;

    private final FuzzNode node = new FuzzNode();
    private final FuzzScript script;
    private final Bytes sent = new Bytes();
    private final String lineEnds = "\r\n".repeat(FILL_BYTES / 2);
    private long kicksBefore;
    private FuzzConnection connection = new FuzzConnection(node);

    StreamFuzz(FuzzScript.Grammar grammar) {
        this.script = new FuzzScript(grammar);
        connection.close();
    }

    void play(byte[] input) {
        node.begin();
        sent.clear();
        kicksBefore = node.kicks();
        connection = new FuzzConnection(node);
        try {
            script.play(input, this);
            connection.window(Long.MAX_VALUE);
            node.probeBystander();
            probe();
            judge();
        } finally {
            connection.close();
        }
        node.end();
    }

    @Override
    public void send(byte[] bytes, int length, boolean endsBurst) {
        if (!connection.isReading()) {
            // A socket would hold it back until the client has read.
            connection.window(Long.MAX_VALUE);
        }
        if (connection.isOpen() && connection.isReading()) {
            sent.add(bytes, 0, length);
            connection.send(bytes, length, endsBurst);
        }
    }

    @Override
    public void window(int bytes) {
        connection.window(bytes == Integer.MAX_VALUE ? Long.MAX_VALUE : bytes);
    }

    @Override
    public void pass(int seconds) {
        node.pass(seconds, 0);
        node.context.tick();
        node.settle();
    }

    private boolean isBinary() {
        return sent.length() > 0 && (sent.array()[0] & 0xff) == 0x80;
    }

    private void judge() {
        boolean mayBeCut = node.kicks() != kicksBefore;
        if (isBinary()) {
            BinaryReplies.check(sent, connection.received(), mayBeCut);
        } else if (!mayBeCut) {
            TextReplies.check(connection.received(), 0);
        }
    }

    private void probe() {
        // Ends a burst whose last read came without.
        connection.send(new byte[0], 0, true);
        if (isBinary()) {
            probeBinary();
        } else {
            probeText();
        }
    }

    private void probeBinary() {
        // In pieces: a value that is too long to swallow ends the connection as soon as its key is there.
        int fills = 0;
        for (long missing = BinaryReplies.missing(sent);
                missing > 0 && connection.isOpen();
                missing = BinaryReplies.missing(sent)) {
            require(fills++ < FILLS_MAX, "waits for " + missing + " bytes more");
            int length = (int) Math.min(missing, FILL_BYTES);
            send(new byte[length], length, true);
        }
        if (connection.isOpen()) {
            Bytes noop = new Bytes()
                    .add(0x80)
                    .add(PROBE_OPCODE)
                    .repeat(0, 10)
                    .number(0xcafebabeL, 4)
                    .repeat(0, 8);
            int before = connection.received().length();
            send(noop.array(), noop.length(), true);
            byte[] expected = Arrays.copyOf(noop.array(), noop.length());
            expected[0] = (byte) 0x81;
            Bytes received = connection.received();
            boolean isAnswered =
                    Arrays.equals(received.array(), before, received.length(), expected, 0, expected.length);
            require(isAnswered, () -> "the probe was answered " + received.text(before, received.length()));
        }
    }

    private void probeText() {
        String last = "";
        for (int i = 0; i < FILLS_MAX && connection.isOpen() && !last.equals("conn_watch"); i++) {
            connection.send(i == 0 ? "\r\n" : lineEnds);
            last = connection.state();
            if (last.equals("conn_read")) {
                break;
            }
        }
        if (!connection.isOpen() || last.equals("conn_watch")) {
            return;
        }
        String state = last;
        require(state.equals("conn_read"), () -> "the connection does not come to a line's beginning: " + state);
        ask("set probe 0 0 2\r\nxx\r\nget probe\r\nmn\r\n", "STORED\r\nVALUE probe 0 2\r\nxx\r\nEND\r\nMN\r\n");
        if (sent.length() % INPUTS_PER_LONG_PROBE == 0) {
            String data = "x".repeat(FuzzNode.ITEM_SIZE_MAX);
            String refused = "SERVER_ERROR object too large for cache\r\nMN\r\n";
            ask("set probe 0 0 " + data.length() + "\r\n" + data + "\r\nmn\r\n", refused);
            ask("ms probe " + data.length() + "\r\n" + data + "\r\nmn\r\n", refused);
        }
    }

    private void ask(String request, String reply) {
        int before = connection.received().length();
        connection.send(request);
        String answer = connection.received().text(before, connection.received().length());
        require(answer.equals(reply), () -> "the probe was answered <" + answer + ">");
    }
}
