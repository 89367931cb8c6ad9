package io.karst.appliance.auth;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same table against memcached 1.6.18. What it does otherwise is not in the table: replies to lines that arrive
 * together overwrite each other, short lines are answered, and only the second word is the password.
 */
@Timeout(60)
class TextLoginWitnessIT {
    @TempDir
    Path directory;

    @Test
    void memcachedAnswersTheSame() throws Exception {
        Path file = Files.writeString(directory.resolve("users"), TextLoginCases.FILE);
        // It reads the file after it has changed its user.
        try (ServerProcess memcached = ServerProcess.memcached("-u", "root", "-Y", file.toString())) {
            for (TextLoginCases.Case conversation : TextLoginCases.refused()) {
                try (RawClient client = memcached.connect()) {
                    conversation.play(client, false);
                }
            }
            for (TextLoginCases.Case conversation : TextLoginCases.accepted()) {
                try (RawClient client = memcached.connect()) {
                    conversation.play(client, true);
                }
            }
        }
    }
}
