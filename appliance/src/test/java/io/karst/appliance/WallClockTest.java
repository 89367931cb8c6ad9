package io.karst.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.config.Environment;
import io.karst.appliance.config.Start;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A clock that somebody sets must not reach the items. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class WallClockTest {
    private static final long SECOND = 1_000_000;
    private static final long HOUR = 3600 * SECOND;
    private static final long START = 1_800_000_000 * SECOND;

    private final AtomicLong wallMicros = new AtomicLong(START);
    private final AtomicLong nanos = new AtomicLong(77);

    @ParameterizedTest
    @ValueSource(longs = {HOUR, -HOUR})
    void aStepOfTheWallClockMovesTheTimeByTheSlewAtMost(long step) {
        WallClock clock = new WallClock(wallMicros::get, nanos::get);
        wallMicros.addAndGet(step);
        for (int second = 1; second <= 100; second++) {
            nanos.addAndGet(1_000_000_000);
            wallMicros.addAndGet(SECOND);
            clock.slew();
            long error = clock.micros() - (START + second * SECOND);
            assertEquals(
                    (long) Long.signum(step) * second * WallClock.SLEW_PER_MILLION, error, "after " + second + " s");
        }
    }

    @Test
    void aDriftingMonotonicClockIsPulledBackToTheWall() {
        WallClock clock = new WallClock(wallMicros::get, nanos::get);
        for (int second = 0; second < 1000; second++) {
            wallMicros.addAndGet(SECOND);
            nanos.addAndGet(1_000_000_000 + 100_000);
            clock.slew();
        }
        assertTrue(Math.abs(clock.micros() - wallMicros.get()) <= 200, "error in microseconds");
    }

    @Test
    void aReaderNeverRunsBackwards() {
        WallClock clock = new WallClock(wallMicros::get, nanos::get);
        WallClock.Reader reader = clock.new Reader();
        wallMicros.addAndGet(-HOUR);
        long last = reader.microsAt(nanos.get());
        for (int i = 0; i < 100; i++) {
            nanos.addAndGet(1000);
            clock.slew();
            long now = reader.microsAt(nanos.get());
            assertFalse(now < last);
            last = now;
        }
    }

    /** Over the wire: TTLs of 10 s and 2 h, a step of one hour back or ahead, and real items. */
    @ParameterizedTest
    @ValueSource(longs = {HOUR, -HOUR})
    void aStepExpiresNothingAndImmortalisesNothing(long step) throws IOException {
        // The server's own loops stamp with System.nanoTime, so the wall clock steps and the monotonic one really runs;
        // debugtime then carries the time past the TTL.
        WallClock clock = new WallClock(wallMicros::get, System::nanoTime);
        Start start = Start.from(
                List.of("-p", "-1", "-t", "2", "-m", "64", "-o", "debug_commands"), Environment.ofThisProcess());
        try (Appliance appliance = Appliance.start(((Start.Serve) start).settings(), "test", clock);
                Socket socket = connect(appliance)) {
            assertEquals("STORED\r\n", exchange(socket, "set short 0 10 1\r\nx\r\n", 8));
            assertEquals("STORED\r\n", exchange(socket, "set long 0 7200 1\r\ny\r\n", 8));
            wallMicros.addAndGet(step);
            clock.slew();
            assertEquals("VALUE short 0 1\r\nx\r\nEND\r\n", exchange(socket, "get short\r\n", 25));
            assertEquals("VALUE long 0 1\r\ny\r\nEND\r\n", exchange(socket, "get long\r\n", 24));
            assertEquals("OK\r\n", exchange(socket, "debugtime 12\r\n", 4));
            assertEquals("END\r\n", exchange(socket, "get short\r\n", 5));
            assertEquals("VALUE long 0 1\r\ny\r\nEND\r\n", exchange(socket, "get long\r\n", 24));
            assertEquals("OK\r\n", exchange(socket, "debugtime 7200\r\n", 4));
            assertEquals("END\r\n", exchange(socket, "get long\r\n", 5));
        }
    }

    private static Socket connect(Appliance appliance) throws IOException {
        InetSocketAddress address = (InetSocketAddress) appliance.addresses().get(0);
        return new Socket(address.getAddress(), address.getPort());
    }

    private static String exchange(Socket socket, String request, int replyLength) throws IOException {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(replyLength), StandardCharsets.US_ASCII);
    }
}
