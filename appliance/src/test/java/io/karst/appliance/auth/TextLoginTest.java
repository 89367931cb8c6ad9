package io.karst.appliance.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code -Y}, over real sockets. */
@Timeout(60)
class TextLoginTest {
    @TempDir
    Path directory;

    private Path file;
    private KarstServer server;

    @BeforeEach
    void start() throws IOException {
        file = Files.writeString(directory.resolve("users"), TextLoginCases.FILE);
        server = KarstServer.start("-m", "64", "-t", "1", "-Y", file.toString());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    static List<TextLoginCases.Case> refused() {
        return TextLoginCases.refused();
    }

    static List<TextLoginCases.Case> accepted() {
        return TextLoginCases.accepted();
    }

    @ParameterizedTest
    @MethodSource
    void refused(TextLoginCases.Case conversation) throws IOException {
        try (RawClient client = server.connect()) {
            conversation.play(client, false);
        }
    }

    @ParameterizedTest
    @MethodSource
    void accepted(TextLoginCases.Case conversation) throws IOException {
        try (RawClient client = server.connect()) {
            conversation.play(client, true);
        }
    }

    @Test
    void everyLineOfAPipelineIsAnswered() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("get aaa\r\nset x 0 0 5\r\nalice\r\n" + TextLoginCases.LOGIN + "get c\r\n")
                    .expect("CLIENT_ERROR unauthenticated\r\n")
                    .expect("CLIENT_ERROR bad authentication token format\r\n")
                    .expect("STORED\r\nEND\r\n");
        }
    }

    @Test
    void aPasswordMayHoldSpaces() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("set x 0 0 13\r\nbob pass word\r\nget c\r\n").expect("STORED\r\nEND\r\n");
        }
    }

    @Test
    void aLoginMayComeByteByByte() throws IOException {
        try (RawClient client = server.connect()) {
            for (char letter : (TextLoginCases.LOGIN + "get c\r\n").toCharArray()) {
                client.send(String.valueOf(letter));
            }
            client.expect("STORED\r\nEND\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"quit\r\n", "mn\r\n", "\r\n", "\u0080\u000b", "\u0016\u0003\u0001"})
    void whatIsTooShortForALoginOrNoTextIsClosed(String sent) throws IOException {
        try (RawClient client = server.connect()) {
            assertEquals("", client.send(sent).rest());
        }
    }

    @Test
    void aLineWithoutEndIsClosed() throws IOException {
        try (RawClient client = server.connect()) {
            assertEquals("", client.send("x".repeat(2049)).rest());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"16385", "99999", "4294967295"})
    void whatIsTooLongForALoginIsSaidSoAndClosed(String length) throws IOException {
        try (RawClient client = server.connect()) {
            assertEquals(
                    "CLIENT_ERROR auth token too long\r\n",
                    client.send("set x 0 0 " + length + "\r\n").rest());
        }
    }

    @Test
    void theLongestLoginIsOnlyWrong() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("set x 0 0 16384\r\nalice " + "x".repeat(16_378) + "\r\n")
                    .expect("CLIENT_ERROR authentication failure\r\n");
        }
    }

    @Test
    void theFifthFailureIsTheLast() throws IOException {
        try (RawClient client = server.connect()) {
            client.send("set x 0 0 11\r\nalice wrong\r\n".repeat(6) + TextLoginCases.LOGIN);
            assertEquals("CLIENT_ERROR authentication failure\r\n".repeat(5), client.rest());
        }
        try (RawClient client = server.connect()) {
            client.send(TextLoginCases.LOGIN).expect("STORED\r\n");
            assertEquals(6, client.stat("auth_cmds"));
            assertEquals(5, client.stat("auth_errors"));
            assertEquals(file.toString(), client.stats("settings").get("auth_enabled_ascii"));
            assertEquals("ascii", client.stats("settings").get("binding_protocol"));
        }
    }

    @Test
    void aChangedFileCountsAfterAReloadAndNotForThoseInside() throws IOException {
        try (RawClient inside = server.connect();
                RawClient client = server.connect()) {
            inside.send(TextLoginCases.LOGIN).expect("STORED\r\n");
            Files.writeString(file, "alice:changed\n");
            server.appliance().reload();
            client.send(TextLoginCases.LOGIN).expect("CLIENT_ERROR authentication failure\r\n");
            client.send("set x 0 0 13\r\nalice changed\r\n").expect("STORED\r\n");
            inside.send("get c\r\n").expect("END\r\n");
        }
    }
}
