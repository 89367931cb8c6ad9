package io.karst.appliance.replication;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A directory in memory that lives as long as this process. What processes that were killed have left behind, which would be
 * memory that nobody gives back, is removed when the next one is made: each directory has a file beside it that its owner
 * keeps locked, and the kernel unlocks it whatever the owner dies of.
 */
final class SharedDirectory implements AutoCloseable {
    private static final String PREFIX = "karst-aeron-";
    private static final String LOCK = ".lock";

    private final Path path;
    private final Path lockFile;
    private final FileChannel lock;

    private SharedDirectory(Path path, Path lockFile, FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** Makes one in {@code /dev/shm}, or in the directory for temporary files. */
    static SharedDirectory make() throws IOException {
        return makeIn(Stream.of(Path.of("/dev/shm"), Path.of(System.getProperty("java.io.tmpdir")))
                .filter(each -> Files.isDirectory(each) && Files.isWritable(each))
                .findFirst()
                .orElseThrow(() -> new IOException("neither /dev/shm nor java.io.tmpdir can be written to")));
    }

    static SharedDirectory makeIn(Path parent) throws IOException {
        removeOrphans(parent);
        Path path = Files.createTempDirectory(parent, PREFIX);
        Path lockFile = parent.resolve(path.getFileName() + LOCK);
        FileChannel lock = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            throw new IOException(lockFile + ": locked by somebody else");
        }
        return new SharedDirectory(path, lockFile, lock);
    }

    private static void removeOrphans(Path parent) throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(parent, PREFIX + "*" + LOCK)) {
            for (Path each : locks) {
                if (isOrphan(each)) {
                    String name = each.getFileName().toString();
                    removeTree(parent.resolve(name.substring(0, name.length() - LOCK.length())));
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    // Another user's cannot be opened, and are left alone.
    private static boolean isOrphan(Path lockFile) {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            @Nullable FileLock held = channel.tryLock();
            return held != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    private static void removeTree(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            List<Path> paths;
            try (Stream<Path> tree = Files.walk(directory)) {
                paths = tree.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : paths) {
                Files.deleteIfExists(each);
            }
        }
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        removeTree(path);
        Files.deleteIfExists(lockFile);
        lock.close();
    }
}
