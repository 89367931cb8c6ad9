package io.karst.appliance.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code -c} against RLIMIT_NOFILE. */
@Timeout(30)
class NoFileLimitTest {
    @TempDir
    Path directory = Path.of(".");

    private Path limits(String soft, String hard) throws IOException {
        return Files.writeString(
                directory.resolve("limits"),
                "Limit                     Soft Limit           Hard Limit           Units     \n"
                        + "Max processes             95957                95957                processes \n"
                        + "Max open files            " + soft + "                 " + hard
                        + "               files     \n");
    }

    @Test
    void enoughIsEnough() throws IOException {
        new NoFileLimit(limits("2000", "4096"), List.of("false")).raiseTo(1024);
        new NoFileLimit(limits("unlimited", "unlimited"), List.of("false")).raiseTo(1_000_000);
    }

    @Test
    void limitThatCannotBeRaisedIsRefusedWithItsNumbers() throws IOException {
        NoFileLimit limit = new NoFileLimit(limits("1024", "4096"), List.of("false"));
        String message = String.valueOf(
                assertThrows(IOException.class, () -> limit.raiseTo(10_128)).getMessage());
        assertTrue(message.contains("10128"), message);
        assertTrue(message.contains("1024"), message);
        assertTrue(message.contains("hard limit 4096"), message);
        assertTrue(message.contains("lower -c by 9104"), message);
    }

    @Test
    void missingToolIsNoExcuseForACrash() throws IOException {
        NoFileLimit limit = new NoFileLimit(limits("1024", "4096"), List.of("/nonexistent/prlimit"));
        assertThrows(IOException.class, () -> limit.raiseTo(10_128));
    }

    @Test
    void ownLimitIsReadAndKeptWhenItSuffices() throws IOException {
        NoFileLimit limit = NoFileLimit.ofThisProcess();
        NoFileLimit.Limit before = limit.read();
        assertEquals(before.soft(), NoFileLimit.raise(10));
        assertEquals(before, limit.read());
    }
}
