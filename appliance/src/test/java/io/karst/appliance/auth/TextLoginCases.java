package io.karst.appliance.auth;

import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.util.List;

/** What strangers say to a server with {@code -Y}, and its answers: one table for Karst and for memcached. */
final class TextLoginCases {
    static final String FILE = "alice:secret\nbob:pass word\n";
    static final String LOGIN = "set x 0 0 12\r\nalice secret\r\n";

    private static final String UNAUTHENTICATED = "CLIENT_ERROR unauthenticated\r\n";
    private static final String FAILURE = "CLIENT_ERROR authentication failure\r\n";
    private static final String FORMAT = "CLIENT_ERROR bad authentication token format\r\n";
    private static final String TERMINATION = "CLIENT_ERROR bad command line termination\r\n";

    private TextLoginCases() {}

    /**
     * One conversation with a server, the connection still open behind it.
     *
     * @param sent by the client
     * @param answer of both servers
     */
    record Case(String sent, String answer) {
        /** Plays it, and sees that the client can still log in, or is. */
        void play(RawClient client, boolean isLoggedIn) throws IOException {
            client.send(sent).expect(answer);
            if (!isLoggedIn) {
                client.send(LOGIN).expect("STORED\r\n");
            }
            client.send("get nothing\r\n").expect("END\r\n");
        }
    }

    /** Answered alike, and the client is still outside. */
    static List<Case> refused() {
        return List.of(
                new Case("get a\r\n", UNAUTHENTICATED),
                new Case("version\r\n", UNAUTHENTICATED),
                new Case("abcdef\n", UNAUTHENTICATED),
                new Case("GET / HTTP/1.1\r\n", UNAUTHENTICATED),
                new Case("x".repeat(3000) + "\r\n", UNAUTHENTICATED),
                new Case("set x 0 0\r\n", UNAUTHENTICATED),
                new Case("set x 0 0 -1\r\n", UNAUTHENTICATED),
                new Case("set x 0 0 abc\r\n", UNAUTHENTICATED),
                new Case("set x 0 0 12abc\r\n", UNAUTHENTICATED),
                new Case("SET x 0 0 12\r\n", UNAUTHENTICATED),
                new Case("add x 0 0 12\r\n", UNAUTHENTICATED),
                new Case("set x 0 0 11\r\nalice wrong\r\n", FAILURE),
                new Case("set x 0 0 10\r\neve secret\r\n", FAILURE),
                new Case("set x 0 0 14\r\nalice secret\r\n\r\n", FAILURE),
                new Case("set x 0 0 5\r\nalice\r\n", FORMAT),
                new Case("set x 0 0 0\r\n\r\n", FORMAT),
                new Case("set x 0 0 12\r\nalice\tsecret\r\n", FORMAT),
                new Case("set x 0 0 12\r\nalice secretXX", TERMINATION));
    }

    /** Answered alike, and the client is inside. */
    static List<Case> accepted() {
        return List.of(
                new Case(LOGIN, "STORED\r\n"),
                new Case(LOGIN + "get x\r\nset b 0 0 1\r\n1\r\n", "STORED\r\nEND\r\nSTORED\r\n"),
                new Case(LOGIN + "set y 0 0 11\r\nalice wrong\r\n", "STORED\r\nSTORED\r\n"),
                new Case("set x 0 0 12\nalice secret\r\n", "STORED\r\n"),
                new Case("set x a b 12 noreply\r\nalice secret\r\n", "STORED\r\n"),
                new Case(" set  x 0 0  12\r\r\nalice secret\r\n", "STORED\r\n"),
                new Case("set " + "k".repeat(300) + " 0 0 12\r\nalice secret\r\n", "STORED\r\n"));
    }
}
