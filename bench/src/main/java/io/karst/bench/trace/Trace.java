package io.karst.bench.trace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The keys of one trace in the order they were asked for.
 *
 * @param name file name without its endings
 * @param keys one per request
 */
@SuppressWarnings("ArrayRecordComponent") // Five million keys, never compared nor changed.
record Trace(String name, int[] keys) {
    private static final String ENDING = ".trace.xz";

    /** The trace files of a directory whose names contain {@code only}, by name. */
    static List<Path> files(Path directory, String only) throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.filter(file -> file.toString().endsWith(ENDING))
                    .filter(file -> file.getFileName().toString().contains(only))
                    .sorted()
                    .toList();
        }
    }

    /** Reads cache2k's format: xz of big-endian 32-bit keys; the system's {@code xz} unpacks. */
    static Trace read(Path file, int requestsMax) throws IOException {
        Process xz = new ProcessBuilder("xz", "-dc", file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] bytes;
        try (InputStream in = xz.getInputStream()) {
            bytes = in.readNBytes(Math.multiplyExact(requestsMax, 4));
        }
        xz.destroy();
        if (bytes.length == 0) {
            throw new IOException(file + ": no request in it");
        }
        int[] keys = new int[bytes.length / 4];
        ByteBuffer.wrap(bytes).asIntBuffer().get(keys);
        String name = file.getFileName().toString();
        return new Trace(name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name, keys);
    }

    /** How many different keys there are. */
    int distinctCount() {
        return (int) Arrays.stream(keys).distinct().count();
    }

    /** Each different key once. */
    int[] distinctKeys() {
        return Arrays.stream(keys).distinct().toArray();
    }
}
