package io.karst.appliance.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of {@code -P}. */
final class PidFileTest {
    @TempDir
    private Path directory;

    @Test
    void holdsTheProcessIdWhileOpen() throws IOException {
        Path path = directory.resolve("karst.pid");
        PidFile file = PidFile.write(path);
        assertEquals(ProcessHandle.current().pid() + "\n", Files.readString(path));
        file.close();
        assertFalse(Files.exists(path));
    }

    @Test
    void replacesTheFileOfAProcessThatDied() throws IOException {
        Path path = Files.writeString(directory.resolve("karst.pid"), "1\n");
        PidFile.write(path, 77).close();
        assertFalse(Files.exists(path));
    }

    @Test
    void leavesTheFileOfASuccessorAlone() throws IOException {
        Path path = directory.resolve("karst.pid");
        PidFile first = PidFile.write(path, 1);
        PidFile.write(path, 2);
        first.close();
        assertEquals("2\n", Files.readString(path));
    }

    @Test
    void closingTwiceOrAfterARemovalIsFine() throws IOException {
        PidFile file = PidFile.write(directory.resolve("karst.pid"));
        file.close();
        file.close();
    }

    @Test
    void aMissingDirectoryIsAnError() {
        assertThrows(NoSuchFileException.class, () -> PidFile.write(directory.resolve("no/karst.pid")));
    }
}
