package io.karst.appliance.witness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import io.karst.protocol.transcript.SocketWitness;
import io.karst.protocol.transcript.Transcript;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The third witness on what was recorded from memcached 1.6.45: the 1.6.18 that apt installs, with its differences allowed. */
@Timeout(60)
class MemcachedWitnessIT {
    private static final String WITNESS = "memcached-1.6.18";

    @Test
    void memcached1618AnswersTheSameButForKnownDifferences() throws IOException, InterruptedException {
        Transcript recorded = Transcript.read(Tools.assumeShared("transcripts/text-errors.txt"));
        Tools.assumeTool("memcached");
        String version = Tools.run("memcached", "-V").out().trim();
        assumeTrue(version.equals("memcached 1.6.18"), "no allow-list for " + version);
        try (ServerProcess memcached = ServerProcess.memcached("-m", "64");
                SocketWitness witness = SocketWitness.local(WITNESS, memcached.port())) {
            AllowList.apply(recorded, WITNESS).play(witness);
        }
    }
}
