package io.karst.appliance.fuzz;

/**
 * What the bytes of an input mean: a stream to send, with directives in it. Most bytes stand for themselves, so that a
 * recorded session is a seed as it is; those from {@value #CUT} on are directives.
 *
 * <pre>
 *   F8        what is there so far arrives in one read
 *   F9        the same, and the burst ends
 *   FA n b    the byte b, 1 + 32 n times
 *   FB ...    a command by its grammar, made by the dialect's {@link Grammar} from the bytes that follow
 *   FC n      the client reads 64 n bytes more and then no more; 255: everything. UDP: the next datagram has no header
 *   FD n      n seconds pass, and the loop ticks
 *   FE b      the byte b, whatever it is
 *   FF        nothing
 * </pre>
 *
 * One thread. At most {@value #STREAM_MAX} bytes are sent.
 */
final class FuzzScript {
    /** Makes commands that are right, or nearly so. */
    interface Grammar {
        /** Appends one command, choosing with {@link FuzzScript#next}. */
        void command(FuzzScript choices, Bytes out);
    }

    /** Where the stream goes. */
    interface Client {
        void send(byte[] bytes, int length, boolean endsBurst);

        void window(int bytes);

        void pass(int seconds);
    }

    static final int CUT = 0xf8;
    private static final int STREAM_MAX = 96 << 10;
    private static final int ALL = 255;

    private final Grammar grammar;
    private final Bytes pending = new Bytes();
    private byte[] data = {};
    private int position;

    FuzzScript(Grammar grammar) {
        this.grammar = grammar;
    }

    /** The next byte of the input, unsigned; 0 behind its end. */
    int next() {
        return position < data.length ? data[position++] & 0xff : 0;
    }

    /** A number below n, for n up to 256. */
    int next(int n) {
        return next() % n;
    }

    void play(byte[] input, Client client) {
        data = input;
        position = 0;
        pending.clear();
        int sent = 0;
        while (position < data.length && sent + pending.length() < STREAM_MAX) {
            int value = next();
            switch (value) {
                case CUT, 0xf9 -> {
                    sent += pending.length();
                    send(client, value != CUT);
                }
                case 0xfa -> {
                    int count = 1 + 32 * next();
                    pending.repeat(next(), count);
                }
                case 0xfb -> grammar.command(this, pending);
                case 0xfc -> {
                    int blocks = next();
                    client.window(blocks == ALL ? Integer.MAX_VALUE : 64 * blocks);
                }
                case 0xfd -> client.pass(next());
                case 0xfe -> pending.add(next());
                case 0xff -> {}
                default -> pending.add(value);
            }
        }
        send(client, true);
    }

    private void send(Client client, boolean endsBurst) {
        client.send(pending.array(), pending.length(), endsBurst);
        pending.clear();
    }
}
