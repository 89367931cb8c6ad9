package io.karst.appliance;

import io.karst.tuning.doctor.ProcTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * How much of the process's memory really lies in transparent huge pages, as the kernel tells in smaps_rollup. That a
 * request for them was accepted proves nothing.
 *
 * <p>Thread-safe. The kernel walks all page tables to answer, milliseconds per GiB of small pages, so that only
 * {@link #read} does it on the caller's thread; {@link #bytes} never waits.
 */
final class HugePages {
    private static final String TUNABLE = "glibc.malloc.hugetlb=1";
    private static final String ROW = "AnonHugePages";
    private static final long STALE_NS = TimeUnit.SECONDS.toNanos(5);

    private final Path rollup;
    private final Path mode;
    private final @Nullable String tunables;
    private final AtomicBoolean isReading = new AtomicBoolean();
    private volatile long bytes;
    private volatile long readAt = System.nanoTime() - STALE_NS;

    HugePages(Path root, @Nullable String tunables) {
        this.rollup = root.resolve("proc/self/smaps_rollup");
        this.mode = root.resolve("sys/kernel/mm/transparent_hugepage/enabled");
        this.tunables = tunables;
    }

    static HugePages ofThisProcess() {
        return new HugePages(Path.of("/"), System.getenv("GLIBC_TUNABLES"));
    }

    /** Bytes in huge pages when last looked; has a thread of its own look again when that was over 5 s ago. */
    long bytes() {
        if (System.nanoTime() - readAt > STALE_NS && isReading.compareAndSet(false, true)) {
            Thread reader = new Thread(
                    () -> {
                        try {
                            read();
                        } finally {
                            isReading.set(false);
                        }
                    },
                    "karst-huge-pages");
            reader.setDaemon(true);
            reader.start();
        }
        return bytes;
    }

    /** Looks now. Bytes in huge pages, 0 where the kernel does not tell. */
    long read() {
        long found = ProcTable.row(text(rollup).lines().toList(), ROW).orElse(0) << 10;
        bytes = found;
        readAt = System.nanoTime();
        return found;
    }

    /** Looks, and says in one line whether huge pages are on, with what there is already, or why they are off. */
    String report() {
        long mebibytes = read() >> 20;
        String enabled = text(mode);
        if (!enabled.contains("[madvise]") && !enabled.contains("[always]")) {
            return "huge pages: off, " + mode + " says " + (enabled.isEmpty() ? "nothing" : enabled.strip());
        }
        boolean isAsked = tunables != null && tunables.contains(TUNABLE);
        if (enabled.contains("[madvise]") && !isAsked) {
            return "huge pages: off, GLIBC_TUNABLES does not ask for them with " + TUNABLE;
        }
        return "huge pages: on, " + mebibytes + " MiB so far";
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return "";
        }
    }
}
