package io.karst.bench.trace;

import io.karst.bench.load.KeySpace;
import io.karst.bench.load.ValueSizes;
import io.karst.eviction.PolicyKind;
import io.karst.store.ItemStore;
import io.karst.store.StoreMode;
import io.karst.store.StoreSession;
import io.karst.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.agrona.UnsafeApi;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The offline simulator: the product's own store and policies, driven with a trace by one thread under a clock of its own.
 * What it says of a policy's misses is what the server would say, without the sockets: it is for sweeps over many
 * policies, memories and shares, where a replay over the wire takes too long.
 */
@Command(
        name = "bench/simulate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description =
                "Drives the store with request traces: get, then set on a miss. One row per cell, misses per get.")
public final class Simulate implements Callable<Integer> {
    private static final int KEY_LENGTH = Footprint.KEY_LENGTH;
    private static final long START_MICROS = 1_767_225_600_000_000L;
    private static final long SEED_OF_TTL = 0x5851F42D4C957F2DL;

    @Option(names = "--traces", paramLabel = "<dir>", defaultValue = "../shared/traces", description = "*.trace.xz")
    private Path traces = Path.of(".");

    @Option(names = "--only", paramLabel = "<text>", description = "traces whose name contains this", defaultValue = "")
    private String only = "";

    @Option(names = "--requests", description = "of each trace, at most", defaultValue = "300000")
    private int requestsMax;

    @Option(
            names = "--footprint",
            description = "of all items, MiB: copies are added until they are",
            defaultValue = "640")
    private int footprintMib;

    @Option(names = "--share", split = ",", description = "memory, per cent of the footprint", defaultValue = "10,30")
    private List<Integer> shares = List.of();

    @Option(names = "--max-value", split = ",", description = "longest value, bytes", defaultValue = "8192,1000000")
    private List<Integer> maxValues = List.of();

    @Option(
            names = "--policies",
            split = ",",
            defaultValue = "density,clock,lru,lfu,random",
            description = "to compare")
    private List<String> policies = List.of();

    @Option(names = "--large", split = ",", defaultValue = "2", description = "per cent of memory for large items")
    private List<Double> largePercents = List.of();

    @Option(names = "--rate", defaultValue = "300000", description = "requests per second of the simulated clock")
    private int rate;

    @Option(names = "--ttl", defaultValue = "0", description = "seconds that 60 %% of the keys live; 0 for all to stay")
    private int ttl;

    @Option(names = "--seed", defaultValue = "42", description = "of the sizes")
    private long seed;

    private Simulate() {}

    /** Runs and exits. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Simulate()).execute(args));
    }

    @Override
    public Integer call() throws IOException {
        ValueSizes published = ValueSizes.of("json:" + traces.resolve("kvcache_reg-sizes.json"), seed);
        System.out.println(
                "| trace | values ≤ | copies | -m MiB | large % | policy | misses | late | items | ns per request |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|");
        for (Path file : Trace.files(traces, only)) {
            Trace trace = Trace.read(file, requestsMax);
            for (int maxValue : maxValues) {
                simulate(trace, published.atMost(maxValue), maxValue);
            }
        }
        return 0;
    }

    private void simulate(Trace trace, ValueSizes sizes, int maxValue) {
        Footprint footprint = Footprint.of(trace, sizes, (long) footprintMib << 20);
        for (int share : shares) {
            for (double largePercent : largePercents) {
                for (String policy : policies) {
                    simulate(trace, sizes, maxValue, footprint, share, largePercent, policy);
                }
            }
        }
    }

    private void simulate(
            Trace trace,
            ValueSizes sizes,
            int maxValue,
            Footprint footprint,
            int share,
            double largePercent,
            String policy) {
        PolicyKind kind = PolicyKind.of(policy);
        if (kind == null) {
            throw new IllegalArgumentException("no policy " + policy);
        }
        long memory = footprint.memory(share);
        StoreSettings settings =
                new StoreSettings(memory, 1 << 20, largePercent / 100, StoreSettings.DEFAULT_ITEM_SIZE_HINT, kind, 0);
        long buffer = UnsafeApi.allocateMemory(KEY_LENGTH + 8);
        long value = UnsafeApi.allocateMemory(sizes.lengthMax() + 8L);
        UnsafeApi.setMemory(value, sizes.lengthMax(), (byte) 'v');
        KeySpace keys = new KeySpace(KEY_LENGTH);
        try (ItemStore store = ItemStore.open(settings)) {
            StoreSession session = store.openSession();
            int copies = footprint.copies();
            long requests = (long) trace.keys().length * copies;
            long misses = 0;
            long lateMisses = 0;
            long begin = System.nanoTime();
            for (long i = 0; i < requests; i++) {
                if ((i & 63) == 0) {
                    session.advanceTo(START_MICROS + i * 1_000_000 / rate);
                }
                long id = ReplaySource.idAt(trace.keys(), copies, i);
                keys.write(buffer, id);
                if (session.acquire(buffer, KEY_LENGTH)) {
                    session.release();
                } else {
                    misses++;
                    lateMisses += i >= requests / 2 ? 1 : 0;
                    session.store(
                            StoreMode.SET, buffer, KEY_LENGTH, 0, expiresAt(session, id), value, sizes.length(id), 0);
                }
            }
            double nanos = (double) (System.nanoTime() - begin) / requests;
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %.1f | %s | %.4f | %.4f | %,d | %.0f |%n",
                    trace.name(),
                    maxValue,
                    copies,
                    memory >> 20,
                    largePercent,
                    policy,
                    (double) misses / requests,
                    lateMisses / (requests / 2.0),
                    store.itemCount(),
                    nanos);
        } finally {
            UnsafeApi.freeMemory(buffer);
            UnsafeApi.freeMemory(value);
        }
    }

    private int expiresAt(StoreSession session, long id) {
        boolean expires = ttl > 0 && Long.remainderUnsigned(((id + 1) * SEED_OF_TTL) >>> 20, 10) < 6;
        return expires ? session.nowSeconds() + ttl : 0;
    }
}
