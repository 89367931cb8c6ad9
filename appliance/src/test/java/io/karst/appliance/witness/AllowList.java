package io.karst.appliance.witness;

import io.karst.protocol.transcript.Transcript;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where a witness may differ from a transcript, each with its reason: {@code witness/<transcript>.allow} on the class path.
 *
 * <pre>
 *   &lt;witness&gt; &lt;line of the transcript&gt; &lt;answer there, \r\n written out&gt; # why
 * </pre>
 */
final class AllowList {
    private AllowList() {}

    /** The transcript as this witness may answer it. */
    static Transcript apply(Transcript transcript, String witness) {
        Transcript allowed = transcript;
        for (String line : lines("/witness/" + transcript.name().replace(".txt", "") + ".allow")) {
            int why = line.lastIndexOf(" # ");
            String[] words = line.substring(0, Math.max(0, why)).split(" ", 3);
            if (words.length < 3) {
                throw new IllegalArgumentException("no answer or no reason: " + line);
            }
            if (words[0].equals(witness)) {
                allowed = allowed.withAnswer(Integer.parseInt(words[1]), words[2].trim());
            }
        }
        return allowed;
    }

    private static List<String> lines(String resource) {
        try (InputStream in = AllowList.class.getResourceAsStream(resource)) {
            if (in == null) {
                return List.of();
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
