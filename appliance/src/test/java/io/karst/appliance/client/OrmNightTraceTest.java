package io.karst.appliance.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.spy.memcached.CachedData;
import net.spy.memcached.ConnectionFactoryBuilder;
import net.spy.memcached.MemcachedClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Real requests: the database accesses of an e-commerce site by night, through unmodified spymemcached, {@code -m 64}. A
 * get, and a set on a miss; every value is compared byte for byte. Prints the hit ratio. {@code -Dtrace=} takes another
 * trace of ../shared/traces.
 */
class OrmNightTraceTest {
    private static final int PREFIX = 300_000;
    private static final long SIZE_SEED = 20_261_120;
    /** Gets on their way at one time, all of different keys; the set of a miss follows when its answer is read. */
    private static final int IN_FLIGHT = 64;

    private record Get(int key, Future<CachedData> answer) {}

    private record Result(long requests, long hits, long bytesSet) {
        @Override
        public String toString() {
            return String.format(
                    "requests=%,d hits=%,d hit-ratio=%.4f %% bytes-set=%,d",
                    requests, hits, 100.0 * hits / requests, bytesSet);
        }
    }

    @Test
    @Timeout(180)
    void firstRequestsOfTheTrace() throws Exception {
        Path trace = trace();
        try (KarstServer server = KarstServer.start("-m", "64")) {
            report("karst", server.address(), PREFIX, trace);
        }
    }

    /** memcached, where there is one, is asked the same at the same {@code -m}. */
    @Test
    @Tag("slow")
    @Timeout(1800)
    void wholeTrace() throws Exception {
        Path trace = trace();
        try (KarstServer server = KarstServer.start("-m", "64")) {
            report("karst", server.address(), Long.MAX_VALUE, trace);
        }
        Tools.assumeTool("memcached");
        try (ServerProcess memcached = ServerProcess.memcached("-m", "64")) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), memcached.port());
            report("memcached", address, Long.MAX_VALUE, trace);
        }
    }

    private static Path trace() throws IOException, InterruptedException {
        Path trace = Tools.assumeShared("traces/cache2k_" + System.getProperty("trace", "orm-night") + ".trace.xz");
        Tools.assumeTool("xz");
        return trace;
    }

    private static void report(String name, InetSocketAddress address, long most, Path trace) throws Exception {
        long started = System.nanoTime();
        Result result = replay(address, most, trace);
        try (RawClient raw = RawClient.connect(address)) {
            Map<String, String> stats = raw.stats("");
            System.out.printf(
                    "%s: %s -m 64 %s evictions=%s curr_items=%s bytes=%s seed=%d in %.1f s%n",
                    trace.getFileName(),
                    name,
                    result,
                    stats.get("evictions"),
                    stats.get("curr_items"),
                    stats.get("bytes"),
                    SIZE_SEED,
                    (System.nanoTime() - started) / 1e9);
            assertEquals(Long.toString(result.requests), stats.get("cmd_get"));
            assertEquals(Long.toString(result.hits), stats.get("get_hits"));
        }
        assertTrue(result.hits > 0);
    }

    private static Result replay(InetSocketAddress address, long most, Path trace) throws Exception {
        ValueSizes sizes = new ValueSizes(Tools.assumeShared("traces/kvcache_reg-sizes.json"), SIZE_SEED);
        System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SunLogger");
        MemcachedClient client = new MemcachedClient(
                new ConnectionFactoryBuilder()
                        .setProtocol(ConnectionFactoryBuilder.Protocol.TEXT)
                        .setOpTimeout(20_000)
                        .setDaemon(true)
                        .build(),
                List.of(address));
        Process xz = new ProcessBuilder("xz", "-dc", trace.toString()).start();
        try (DataInputStream keys =
                new DataInputStream(new java.io.BufferedInputStream(xz.getInputStream(), 1 << 16))) {
            return replay(client, keys, most, sizes);
        } finally {
            xz.destroy();
            client.shutdown(5, TimeUnit.SECONDS);
        }
    }

    private static Result replay(MemcachedClient client, DataInputStream keys, long most, ValueSizes sizes)
            throws Exception {
        Replay replay = new Replay(client, sizes);
        Integer key = next(keys);
        while (key != null && replay.requests < most) {
            // Somebody who wants what another is just fetching waits for that one: else every burst would be misses.
            while (replay.isOnItsWay(key) || replay.isFull()) {
                replay.finishOne();
            }
            replay.get(key);
            key = next(keys);
        }
        replay.finishAll();
        return new Result(replay.requests, replay.hits, replay.bytesSet);
    }

    /** Gets and sets on their way, and what came of those that arrived. */
    private static final class Replay {
        private final IdentityTranscoder identity = new IdentityTranscoder();
        private final ArrayDeque<Get> gets = new ArrayDeque<>();
        private final ArrayDeque<Future<Boolean>> sets = new ArrayDeque<>();
        private final Set<Integer> keysOnTheirWay = new HashSet<>();
        private final MemcachedClient client;
        private final ValueSizes sizes;
        private long requests;
        private long hits;
        private long bytesSet;

        Replay(MemcachedClient client, ValueSizes sizes) {
            this.client = client;
            this.sizes = sizes;
        }

        boolean isOnItsWay(int key) {
            return keysOnTheirWay.contains(key);
        }

        boolean isFull() {
            return gets.size() >= IN_FLIGHT;
        }

        void get(int key) {
            requests++;
            keysOnTheirWay.add(key);
            gets.add(new Get(key, client.asyncGet(Integer.toString(key), identity)));
        }

        void finishOne() throws Exception {
            Get get = gets.remove();
            CachedData found = get.answer.get();
            byte[] value = sizes.valueOf(get.key);
            if (found != null) {
                hits++;
                assertEquals(get.key & Integer.MAX_VALUE, found.getFlags());
                assertArrayEquals(value, found.getData(), "value of " + get.key);
            } else {
                bytesSet += value.length;
                sets.add(client.set(Integer.toString(get.key), 0, flagged(get.key, value), identity));
            }
            keysOnTheirWay.remove(get.key);
            while (sets.size() > IN_FLIGHT) {
                finishSet();
            }
        }

        private void finishSet() throws Exception {
            assertTrue(sets.remove().get(), "a set was not stored");
        }

        void finishAll() throws Exception {
            while (!gets.isEmpty()) {
                finishOne();
            }
            while (!sets.isEmpty()) {
                finishSet();
            }
        }
    }

    /** This client reads flags as a signed number, so they stay below 2^31. */
    private static CachedData flagged(int key, byte[] value) {
        return new CachedData(key & Integer.MAX_VALUE, value, value.length);
    }

    private static @Nullable Integer next(DataInputStream keys) throws IOException {
        try {
            return keys.readInt();
        } catch (EOFException e) {
            return null;
        }
    }
}
