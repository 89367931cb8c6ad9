package io.karst.appliance;

import io.karst.store.ItemStore;
import io.karst.tuning.doctor.ProcTable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.posix.PosixAPI;

/**
 * {@code -k}: keeps item memory out of swap, with mlock(2), which Chronicle's posix library calls for us on every JDK.
 * What was locked is the kernel's own account of it, VmLck, not what the call answered: without its native library that
 * library answers, too. As in memcached, memory that cannot be locked is a line in the log.
 */
final class MemoryLock {
    private static final System.Logger LOGGER = System.getLogger(MemoryLock.class.getName());
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ROW = "VmLck";

    private MemoryLock() {}

    /** Locks all memory of a store, which makes it resident, and says in one line how much there is now. */
    static void lock(ItemStore store) {
        long before = lockedBytes();
        String reason = "";
        try {
            PosixAPI posix = PosixAPI.posix();
            store.forEachRange(posix::mlock);
        } catch (RuntimeException | LinkageError e) {
            reason = " (" + e.getMessage() + ")";
        }
        long locked = lockedBytes() - before;
        if (locked >= store.footprint() / 100 * 99) {
            LOGGER.log(Level.INFO, "memory lock: on, {0} MiB", locked >> 20);
        } else {
            LOGGER.log(
                    Level.WARNING,
                    "memory lock: {0} of {1} MiB{2}. Raise the limit with LimitMEMLOCK=infinity or ulimit -l, or keep swap off.",
                    locked >> 20,
                    store.footprint() >> 20,
                    reason);
        }
    }

    /** Bytes of this process that cannot go to swap; 0 where the kernel does not tell. */
    static long lockedBytes() {
        try {
            return ProcTable.row(Files.readAllLines(STATUS), ROW).orElse(0) << 10;
        } catch (IOException e) {
            // No proc here.
            return 0;
        }
    }
}
