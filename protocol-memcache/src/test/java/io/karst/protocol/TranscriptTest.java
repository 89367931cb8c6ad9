package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.karst.protocol.transcript.Transcript;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The first of three witnesses: the decoder, fed whole, in two pieces cut at every place, and byte by byte. */
@Timeout(120)
class TranscriptTest {
    /** Longer streams are cut at their seams and here and there only. */
    private static final int EVERY_SPLIT_MAX = 6000;

    static List<Transcript> transcripts() {
        return Transcript.all();
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void decoderAnswersWordForWord(Transcript transcript) throws IOException {
        try (TestClient client = new TestClient()) {
            transcript.play(client);
            assertEquals("", client.received(), "answers nobody expected");
            assertEquals(!transcript.endsClosed(), client.isOpen());
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void answersDoNotDependOnHowTheBytesArrive(Transcript transcript) throws IOException {
        if (transcript.hasSleep()) {
            return;
        }
        Map<String, String> words;
        byte[] expected;
        try (TestClient client = new TestClient()) {
            words = transcript.play(client);
            expected = client.everythingSent();
        }
        byte[] stream = transcript.stream(words);
        int step = stream.length <= EVERY_SPLIT_MAX ? 1 : stream.length / 500;
        for (int at = 0; at <= stream.length; at += at < 600 || at > stream.length - 600 ? 1 : step) {
            assertArrayEquals(expected, answers(stream, at), transcript + " split at " + at);
        }
        if (stream.length <= EVERY_SPLIT_MAX) {
            int[] everywhere = new int[stream.length];
            Arrays.setAll(everywhere, i -> i + 1);
            assertArrayEquals(expected, answers(stream, everywhere), transcript + " byte by byte");
        }
        Random random = new Random(transcript.name().hashCode());
        for (int i = 0; i < 20; i++) {
            int[] cuts = random.ints(10, 0, stream.length + 1).sorted().toArray();
            assertArrayEquals(expected, answers(stream, cuts), transcript + " split at " + Arrays.toString(cuts));
        }
    }

    @ParameterizedTest
    @MethodSource("transcripts")
    void repliesThatFillUpAfterEveryKeyAreTheSame(Transcript transcript) throws IOException {
        try (TestClient client = new TestClient()) {
            client.map().keysPerCall = 1;
            transcript.play(client);
            assertEquals("", client.received(), "answers nobody expected");
        }
    }

    private static byte[] answers(byte[] stream, int... cuts) {
        try (TestClient client = new TestClient()) {
            int from = 0;
            for (int cut : cuts) {
                client.read(stream, from, cut);
                client.burst();
                from = cut;
            }
            client.read(stream, from, stream.length);
            client.burst();
            return client.everythingSent();
        }
    }
}
