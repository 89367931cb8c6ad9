package io.karst.appliance.replication;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory in memory that lives as long as this process. What processes that were killed have left behind, which would be
 * memory that nobody gives back, is removed when the next one is made: each directory has a file beside it that its owner
 * keeps locked, and the kernel unlocks it whatever the owner dies of.
 */
final class SharedDirectory implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(SharedDirectory.class.getName());

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
        // Locked before it has a name that others look for, and there before the directory.
        Path unnamed = Files.createTempFile(parent, "karst-", ".new");
        FileChannel lock = FileChannel.open(unnamed, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            throw new IOException(unnamed + ": locked by somebody else");
        }
        String name = unnamed.getFileName().toString();
        Path path = parent.resolve(PREFIX + name.substring("karst-".length(), name.length() - ".new".length()));
        Path lockFile = parent.resolve(path.getFileName() + LOCK);
        Files.move(unnamed, lockFile);
        return new SharedDirectory(Files.createDirectory(path), lockFile, lock);
    }

    private static void removeOrphans(Path parent) throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(parent, PREFIX + "*" + LOCK)) {
            for (Path each : locks) {
                removeOrphan(each);
            }
        }
    }

    // Under its lock, so that only one of several that start at once does it. Another user's cannot be opened, and are
    // left
    // alone; what somebody else has removed meanwhile is gone, which was the purpose.
    private static void removeOrphan(Path lockFile) {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
            if (channel.tryLock() != null) {
                String name = lockFile.getFileName().toString();
                removeTree(lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length())));
                Files.deleteIfExists(lockFile);
            }
        } catch (IOException | UncheckedIOException | OverlappingFileLockException e) {
            LOGGER.log(Level.DEBUG, "{0} stays: {1}", lockFile, e);
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
