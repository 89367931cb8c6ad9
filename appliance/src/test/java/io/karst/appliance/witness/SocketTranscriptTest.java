package io.karst.appliance.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.Tools;
import io.karst.protocol.transcript.SocketWitness;
import io.karst.protocol.transcript.Transcript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The second of three witnesses: our whole server, with its store, over a socket; played whole, byte by byte and in random
 * pieces. The first, the decoder alone, is in protocol-memcache; so is the third, real memcached.
 */
@Timeout(120)
class SocketTranscriptTest {
    private static final int BYTE_BY_BYTE_MAX = 6000;
    private static final int RANDOM_ROUNDS = 10;

    private static KarstServer server;

    @BeforeAll
    static void start() throws IOException {
        server = KarstServer.start("-m", "64", "-o", "debug_commands");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    static List<Transcript> transcripts() {
        return Transcript.all();
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void serverAnswersWordForWord(Transcript transcript) throws IOException {
        play(transcript);
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void answersDoNotDependOnHowTheBytesArrive(Transcript transcript) throws IOException {
        if (transcript.hasSleep() || transcript.hasNames()) {
            return;
        }
        byte[] expected = play(transcript);
        byte[] stream = transcript.stream(Map.of());
        if (stream.length <= BYTE_BY_BYTE_MAX) {
            int[] everywhere = new int[stream.length];
            Arrays.setAll(everywhere, i -> i);
            sendInPieces(transcript, stream, everywhere, expected, "byte by byte");
        }
        long seed = Long.getLong("seed", transcript.name().hashCode());
        Random random = new Random(seed);
        for (int i = 0; i < RANDOM_ROUNDS; i++) {
            int[] cuts = random.ints(1 + random.nextInt(10), 0, stream.length)
                    .sorted()
                    .toArray();
            sendInPieces(transcript, stream, cuts, expected, "-Dseed=" + seed + " cut at " + Arrays.toString(cuts));
        }
    }

    /** Sessions recorded from memcached 1.6.45, which is not here to be asked. */
    @Test
    void serverAnswersAsMemcached1645Did() throws IOException {
        Transcript recorded = Transcript.read(Tools.assumeShared("transcripts/text-errors.txt"));
        play(AllowList.apply(recorded, "karst"));
    }

    private static byte[] play(Transcript transcript) throws IOException {
        flush();
        try (SocketWitness socket = new SocketWitness("karst", server.address(), SocketTranscriptTest::advance)) {
            RecordingWitness witness = new RecordingWitness(socket);
            transcript.play(witness);
            if (!transcript.endsClosed()) {
                assertNothingMoreFrom(socket);
            }
            return witness.received();
        }
    }

    private static void assertNothingMoreFrom(SocketWitness socket) throws IOException {
        socket.send("verbosity 0\r\n".getBytes(StandardCharsets.US_ASCII));
        assertEquals("OK\r\n", new String(socket.receive(4), StandardCharsets.ISO_8859_1), "answers nobody expected");
    }

    private static void sendInPieces(Transcript transcript, byte[] stream, int[] cuts, byte[] expected, String how)
            throws IOException {
        flush();
        try (SocketWitness socket = new SocketWitness("karst", server.address(), SocketTranscriptTest::advance)) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(socket, stream, cuts));
            byte[] received = socket.receive(expected.length);
            sent.join();
            assertEquals(shown(expected), shown(received), transcript + " " + how);
            if (transcript.endsClosed()) {
                assertTrue(socket.isClosed(), transcript + " " + how);
            } else {
                assertNothingMoreFrom(socket);
            }
        }
    }

    private static void send(SocketWitness socket, byte[] stream, int[] cuts) {
        try {
            int from = 0;
            for (int cut : cuts) {
                socket.send(Arrays.copyOfRange(stream, from, cut));
                from = cut;
            }
            socket.send(Arrays.copyOfRange(stream, from, stream.length));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String shown(byte[] bytes) {
        return bytes.length + " bytes: " + new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void advance(int seconds) throws IOException {
        try (RawClient client = server.connect()) {
            client.ask("debugtime " + seconds, "OK");
        }
    }

    private static void flush() throws IOException {
        try (RawClient client = server.connect()) {
            client.ask("flush_all", "OK");
        }
    }
}
