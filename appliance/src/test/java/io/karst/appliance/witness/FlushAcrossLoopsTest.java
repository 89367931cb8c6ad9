package io.karst.appliance.witness;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What is set after somebody else's {@code flush_all} was answered is there, whatever event loop the two are on. memcached
 * compares seconds and so loses such items for up to one; our flush floor is a version.
 */
@Timeout(180)
class FlushAcrossLoopsTest {
    private static final int ROUNDS = 100_000;

    @Test
    void setAfterFlushOnAnotherLoopIsAHit() throws IOException {
        // Connections are dealt out to the loops in turn, so with two loops these two are neighbours on different ones.
        try (KarstServer server = KarstServer.start("-m", "64", "-t", "2");
                RawClient flusher = server.connect();
                RawClient client = server.connect()) {
            flusher.ask("verbosity 0", "OK");
            client.ask("verbosity 0", "OK");
            assertEquals(2, loopsInUse(server), "both connections are on one loop");
            for (int i = 0; i < ROUNDS; i++) {
                flusher.ask("flush_all", "OK");
                client.send("set k 0 0 5\r\n" + (10_000 + i % 90_000) + "\r\nget k\r\n")
                        .expect("STORED\r\nVALUE k 0 5\r\n" + (10_000 + i % 90_000) + "\r\nEND\r\n");
            }
        }
    }

    private static long loopsInUse(KarstServer server) {
        long loops = 0;
        for (int i = 0; i < server.appliance().loopCount(); i++) {
            loops += server.appliance().loop(i).connections().isEmpty() ? 0 : 1;
        }
        return loops;
    }
}
