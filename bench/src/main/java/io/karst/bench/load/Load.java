package io.karst.bench.load;

import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The load generator's command line: {@code bench/load --help}. */
@Command(
        name = "bench/load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = "Loads a memcached server, checks every byte of every reply, and measures.",
        footer = "Exit status: 0 all right, 1 wrong or lost replies or errors, 2 wrong options, 3 no connection.")
public final class Load implements Callable<Integer> {
    private static final double SECOND_NS = 1e9;

    @Option(names = "--host", description = "server to load", defaultValue = "127.0.0.1")
    private String host = "";

    @Option(names = "--port", description = "its TCP port", defaultValue = "11211")
    private int port;

    @Option(names = "--unix", paramLabel = "<file>", description = "its unix socket, instead of host and port")
    private @Nullable Path unix;

    @Option(
            names = "--protocol",
            description = "${COMPLETION-CANDIDATES}; in binary a get is GETQ per key and a NOOP",
            defaultValue = "TEXT")
    private Protocol protocol = Protocol.TEXT;

    @Option(names = "--connections", description = "connections, 1 to 10000", defaultValue = "50")
    private int connections;

    @Option(names = "--pipeline", description = "requests per connection under way", defaultValue = "1")
    private int pipeline;

    @Option(names = "--multiget", description = "keys per get", defaultValue = "1")
    private int multiget;

    @Option(names = "--keys", description = "how many different keys", defaultValue = "100000")
    private int keyCount;

    @Option(names = "--zipf", paramLabel = "<s>", description = "zipf exponent; 0 for uniform", defaultValue = "0")
    private double zipf;

    @Option(names = "--key-size", description = "bytes per key, 8 to 250", defaultValue = "20")
    private int keySize;

    @Option(
            names = "--value-size",
            paramLabel = "<spec>",
            description = "bytes per value: <n>, lognormal:<median>:<sigma>, or json:<file>",
            defaultValue = "200")
    private String valueSize = "";

    @Option(names = "--value-max", description = "cuts longer values off", defaultValue = "1000000")
    private int valueMax;

    @Option(names = "--sets", paramLabel = "<share>", description = "share of sets, 0 to 1", defaultValue = "0.1")
    private double setShare;

    @Option(names = "--flags", description = "client flags of every item", defaultValue = "0")
    private int flags;

    @Option(names = "--exptime", description = "exptime of every item", defaultValue = "0")
    private int exptime;

    @Option(names = "--rate", description = "requests per second, open loop; 0: closed loop", defaultValue = "0")
    private double rate;

    @Option(names = "--warmup", description = "seconds before measuring", defaultValue = "2")
    private double warmupSeconds;

    @Option(names = "--duration", description = "seconds measured", defaultValue = "10")
    private double durationSeconds;

    @Option(names = "--drain", description = "seconds to wait for the last replies", defaultValue = "2")
    private double drainSeconds;

    @Option(
            names = "--prefill",
            description = "set every key once before",
            negatable = true,
            fallbackValue = "true",
            defaultValue = "true")
    private boolean prefill;

    @Option(names = "--seed", description = "of keys, sizes and arrivals", defaultValue = "42")
    private long seed;

    @Option(names = "--json", paramLabel = "<file>", description = "write the result as JSON")
    private @Nullable Path json;

    @Option(names = "--hlog", paramLabel = "<file>", description = "write a histogram per second (HdrHistogram log)")
    private @Nullable Path hlog;

    @Option(names = "--quiet", description = "no progress", defaultValue = "false")
    private boolean quiet;

    private Load() {}

    /** Runs and exits with the status that the help page names. */
    public static void main(String[] args) {
        BenchCommand.runAndExit(new Load(), args);
    }

    @Override
    public Integer call() throws IOException {
        ValueSizes sizes = ValueSizes.of(valueSize, seed).atMost(valueMax);
        Dataset dataset = Dataset.versioned(new KeySpace(keySize), sizes, flags, exptime, keyCount);
        KeySequence keys = zipf > 0 ? KeySequence.zipf(keyCount, zipf, seed) : KeySequence.uniform(keyCount, seed);
        LoadPlan plan = new LoadPlan(
                address(),
                protocol,
                connections,
                pipeline,
                rate,
                (long) (warmupSeconds * SECOND_NS),
                (long) (durationSeconds * SECOND_NS),
                (long) (drainSeconds * SECOND_NS),
                seed);
        boolean wrong = false;
        if (prefill) {
            wrong = fill(dataset);
        }
        MixSource source = new MixSource(keys, setShare, multiget, seed);
        try (Terminal terminal = new Terminal(!quiet, hlog)) {
            LoadResult result = LoadGenerator.run(plan, dataset, source, terminal);
            System.out.print(LoadReport.text(plan, result));
            if (json != null) {
                Files.writeString(json, LoadReport.json(plan, result));
            }
            wrong |= result.isWrong() || result.unsent() > 0;
        }
        return wrong ? 1 : 0;
    }

    private SocketAddress address() {
        return unix != null ? new DomainSocketAddress(unix.toFile()) : new InetSocketAddress(host, port);
    }

    private boolean fill(Dataset dataset) throws IOException {
        LoadPlan plan = new LoadPlan(
                address(), Protocol.TEXT, 4, 64, 0, 0, Long.MAX_VALUE / 4, (long) (drainSeconds * SECOND_NS), seed);
        LoadResult filled = LoadGenerator.run(plan, dataset, RangeSource.sets(0, keyCount), new Terminal(!quiet, null));
        if (filled.isWrong() || !quiet) {
            System.err.printf(Locale.ROOT, "prefill: %s%n", filled.total());
        }
        return filled.isWrong();
    }

    /** A line per second on standard error, and the histogram log. */
    private static final class Terminal implements LoadObserver, AutoCloseable {
        private final boolean talks;
        private final @Nullable HistogramLogWriter log;
        private final long startMs = System.currentTimeMillis();

        Terminal(boolean talks, @Nullable Path hlog) throws IOException {
            this.talks = talks;
            if (hlog == null) {
                log = null;
                return;
            }
            HistogramLogWriter writer = new HistogramLogWriter(hlog.toFile());
            writer.outputLogFormatVersion();
            writer.outputStartTime(startMs);
            writer.setBaseTime(startMs);
            writer.outputLegend();
            log = writer;
        }

        @Override
        public boolean wantsIntervals() {
            return log != null;
        }

        @Override
        public void progress(long elapsedNs, long deltaNs, LoadCounters delta, @Nullable Histogram interval) {
            if (log != null && interval != null) {
                long endMs = startMs + elapsedNs / 1_000_000;
                interval.setStartTimeStamp(endMs - deltaNs / 1_000_000);
                interval.setEndTimeStamp(endMs);
                log.outputIntervalHistogram(interval);
            }
            if (talks) {
                System.err.printf(
                        Locale.ROOT,
                        "%4.0f s  %,9.0f requests/s  %s%n",
                        elapsedNs / SECOND_NS,
                        delta.replies * SECOND_NS / deltaNs,
                        delta);
            }
        }

        @Override
        public void close() {
            if (log != null) {
                log.close();
            }
        }
    }
}
