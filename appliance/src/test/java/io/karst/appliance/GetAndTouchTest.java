package io.karst.appliance;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A gat that ends its item answers with the value all the same, also when the answer has to wait for room. */
@Timeout(60)
class GetAndTouchTest {
    private static final int ITEM_COUNT = 100;
    private static final String VALUE = "v".repeat(20_000);

    @Test
    void gatIntoThePastAnswersWithEveryValue() throws IOException {
        try (KarstServer karst = KarstServer.start("-m", "64", "-o", "large=50");
                RawClient client = karst.connect()) {
            StringBuilder gats = new StringBuilder();
            StringBuilder answers = new StringBuilder();
            StringBuilder misses = new StringBuilder();
            for (int i = 0; i < ITEM_COUNT; i++) {
                String key = "k" + i;
                client.ask("set " + key + " 0 0 " + VALUE.length() + "\r\n" + VALUE, "STORED");
                gats.append("gat -1 ").append(key).append("\r\n");
                answers.append("VALUE " + key + " 0 " + VALUE.length() + "\r\n" + VALUE + "\r\nEND\r\n");
                misses.append("END\r\n");
            }
            // More than a reply buffer holds, in one burst.
            client.send(gats.toString()).expect(answers.toString());
            client.send(gats.toString()).expect(misses.toString());
        }
    }
}
