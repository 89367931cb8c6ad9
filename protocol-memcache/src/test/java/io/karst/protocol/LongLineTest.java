package io.karst.protocol;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The longest line that a client may send costs what its bytes cost, not their square. */
class LongLineTest {

    @Timeout(10)
    @Test
    void lineOfHalfAMillionKeysIsReadOnce() {
        byte[] line = ("get" + " q".repeat(ProtocolLimits.RETRIEVAL_LINE_MAX / 2 - 2) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        try (TestClient client = new TestClient()) {
            client.send(line);
            client.expect("END\r\n");
        }
    }
}
