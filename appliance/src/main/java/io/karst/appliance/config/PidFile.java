package io.karst.appliance.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The file of {@code -P}: the process id in decimal and a line feed, put in place by a rename so that nobody reads half
 * of it. Closing removes it, if the id in it is still ours.
 */
public final class PidFile implements AutoCloseable {
    private final Path path;
    private final String content;

    private PidFile(Path path, String content) {
        this.path = path;
        this.content = content;
    }

    /** Writes this process's id to {@code path}. */
    public static PidFile write(Path path) throws IOException {
        return write(path, ProcessHandle.current().pid());
    }

    static PidFile write(Path path, long pid) throws IOException {
        String content = pid + "\n";
        Path unfinished = path.resolveSibling(path.getFileName() + ".tmp");
        Files.writeString(unfinished, content);
        Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        return new PidFile(path, content);
    }

    @Override
    public void close() throws IOException {
        try {
            if (Files.readString(path).equals(content)) {
                Files.delete(path);
            }
        } catch (NoSuchFileException e) {
            // Somebody removed it before us: what we wanted.
        }
    }
}
