package io.karst.appliance.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * One recording of Java's flight recorder at a time, started and fetched through the admin port. Thread-safe. Touched only
 * where the runtime has the module jdk.jfr.
 */
final class FlightRecorder implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(FlightRecorder.class.getName());

    /** The oldest events go first. */
    private static final long BYTES_MAX = 64L << 20;

    private static final int SECONDS_MAX = 3600;

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Recording recording;

    /**
     * Begins.
     *
     * @param settings {@code default}, which costs next to nothing, or {@code profile}, about 2 %
     * @param seconds after which it ends by itself, from 1 to 3600; what was recorded can be fetched afterwards
     */
    Answer start(String settings, int seconds) {
        return alone(() -> {
            if (recording != null) {
                return Answer.failure(
                        HttpResponseStatus.CONFLICT, "A recording is there. Fetch it with POST /v1/jfr/stop.");
            }
            if (seconds < 1 || seconds > SECONDS_MAX) {
                return Answer.failure(
                        HttpResponseStatus.BAD_REQUEST, "seconds is a number from 1 to " + SECONDS_MAX + ".");
            }
            try {
                Recording next = new Recording(Configuration.getConfiguration(settings));
                next.setMaxSize(BYTES_MAX);
                next.setDuration(Duration.ofSeconds(seconds));
                next.start();
                recording = next;
            } catch (IOException | ParseException e) {
                LOGGER.log(Level.WARNING, "No flight recording: {0}", e.toString());
                return Answer.failure(
                        HttpResponseStatus.BAD_REQUEST, "settings is default or profile, and this Java must have it.");
            }
            LOGGER.log(Level.INFO, "Flight recording begun settings={0} seconds={1}", settings, seconds);
            return Answer.text("recording for up to " + seconds + " s; fetch it with POST /v1/jfr/stop\n");
        });
    }

    /** Ends, and hands over the file. */
    Answer stop() {
        return alone(() -> {
            Recording last = recording;
            if (last == null) {
                return Answer.failure(
                        HttpResponseStatus.CONFLICT, "There is no recording. POST /v1/jfr/start begins one.");
            }
            recording = null;
            try (last) {
                Path file = Files.createTempFile("karst-", ".jfr");
                last.dump(file);
                LOGGER.log(Level.INFO, "Flight recording ended bytes={0}", Files.size(file));
                return Answer.download(file, "karst-" + ProcessHandle.current().pid() + ".jfr");
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "The flight recording is lost: {0}", e.toString());
                return Answer.failure(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "The recording could not be written to " + System.getProperty("java.io.tmpdir") + ".");
            }
        });
    }

    // Writing a recording takes seconds: a second request must not wait for it in one of the few threads.
    private Answer alone(Supplier<Answer> task) {
        if (!lock.tryLock()) {
            return Answer.failure(HttpResponseStatus.CONFLICT, "Somebody else is starting or fetching a recording.");
        }
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }

    /** Drops a recording that nobody fetched. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (recording != null) {
                recording.close();
                recording = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
