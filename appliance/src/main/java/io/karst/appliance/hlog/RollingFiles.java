package io.karst.appliance.hlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory of logs, {@code latency-20261128T081500Z.hlog} and so on: the newest grows until it is large enough, then the next one
 * begins, and the oldest goes when there are too many. Not thread-safe.
 *
 * <p>What cannot be written whole is taken back, so that a full disk leaves no torn line. A file or directory that somebody has
 * removed is made anew. After a failure everything may be tried again.
 */
final class RollingFiles implements AutoCloseable {
    private static final String PREFIX = "latency-";
    private static final String SUFFIX = ".hlog";
    private static final String PATTERN = PREFIX + "*" + SUFFIX;
    private static final int SAME_SECOND_MAX = 99;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final long sizeMax;
    private final int filesMax;
    private @Nullable Path file;
    private @Nullable FileChannel channel;
    private String lastStem = "";
    private int lastNumber;

    /**
     * Nothing is opened yet.
     *
     * @param sizeMax bytes after which the next file begins
     * @param filesMax files that are kept, the one that grows included
     */
    RollingFiles(Path directory, long sizeMax, int filesMax) {
        this.directory = directory;
        this.sizeMax = sizeMax;
        this.filesMax = filesMax;
    }

    /** What a new file begins with; asked when one is begun. */
    interface Head {
        byte[] bytes();
    }

    /**
     * Appends lines to the newest file.
     *
     * @param now names a file that this begins
     * @throws IOException when they cannot be written; nothing of them is left in the file then
     */
    void append(byte[] lines, Instant now, Head head) throws IOException {
        try {
            FileChannel open = open(lines.length, now, head);
            writeWhole(open, lines);
        } catch (IOException e) {
            release();
            throw e;
        }
    }

    private FileChannel open(int more, Instant now, Head head) throws IOException {
        Path known = file;
        if (known != null && Files.exists(known)) {
            FileChannel open = channel;
            if (open == null) {
                open = FileChannel.open(known, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
                channel = open;
            }
            if (open.size() + more <= sizeMax) {
                return open;
            }
        }
        release();
        file = null;
        return begin(now, head.bytes());
    }

    private FileChannel begin(Instant now, byte[] head) throws IOException {
        Files.createDirectories(directory);
        Path fresh = create(PREFIX + STAMP.format(now));
        FileChannel open = FileChannel.open(fresh, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        channel = open;
        try {
            writeWhole(open, head);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        file = fresh;
        removeOldest();
        return open;
    }

    /** By name, files are sorted by age: a second that has two calls the later one {@code ...Z-02}. */
    private Path create(String stem) throws IOException {
        // On from the last number, since the first one of this second may have gone already.
        int from = stem.equals(lastStem) ? lastNumber + 1 : 1;
        for (int i = from; i <= SAME_SECOND_MAX; i++) {
            try {
                Path created =
                        Files.createFile(directory.resolve(stem + (i == 1 ? "" : String.format("-%02d", i)) + SUFFIX));
                lastStem = stem;
                lastNumber = i;
                return created;
            } catch (FileAlreadyExistsException e) {
                // The next number, then.
            }
        }
        throw new FileAlreadyExistsException(directory.resolve(stem + SUFFIX).toString());
    }

    private void removeOldest() throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, PATTERN)) {
            found.forEach(files::add);
        }
        // The suffix would sort "...Z-02.hlog" before "...Z.hlog".
        files.sort((a, b) -> stem(a).compareTo(stem(b)));
        Collections.reverse(files);
        for (Path old : files.subList(Math.min(filesMax, files.size()), files.size())) {
            Files.deleteIfExists(old);
        }
    }

    private static String stem(Path path) {
        return path.getFileName().toString().replace(SUFFIX, "");
    }

    private static void writeWhole(FileChannel open, byte[] bytes) throws IOException {
        long before = open.size();
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                open.write(buffer);
            }
        } catch (IOException e) {
            open.truncate(before);
            throw e;
        }
    }

    /** Closes what is open; the file goes on when it is there next time. */
    private void release() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // Whatever it was that the disk did not take: the next interval will tell.
            }
        }
    }

    @Override
    public void close() {
        release();
    }
}
