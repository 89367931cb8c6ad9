package io.karst.appliance.replication;

import io.karst.appliance.fixture.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.rubyeye.xmemcached.XMemcachedClient;
import net.rubyeye.xmemcached.XMemcachedClientBuilder;
import net.rubyeye.xmemcached.impl.KetamaMemcachedSessionLocator;
import net.spy.memcached.KetamaConnectionFactory;
import net.spy.memcached.MemcachedClient;
import org.jspecify.annotations.Nullable;

/** An unmodified client that fails over, with the settings with which it does so at all. */
interface FailoverClient extends AutoCloseable {
    /** The key of this number. */
    static String key(int i) {
        return "key:" + i;
    }

    /** What is stored under a key. */
    static String value(String key) {
        return "value of " + key;
    }

    /** Writes keys 0 to {@code count} - 1. */
    void write(int count) throws Exception;

    /** Reads them: the value of each, or null. */
    List<@Nullable String> read(int count) throws Exception;

    @Override
    void close() throws IOException;

    /** spymemcached with ketama, which redistributes. */
    static FailoverClient spymemcached(List<InetSocketAddress> servers) throws IOException {
        return new Spymemcached(servers);
    }

    /** xmemcached with ketama. */
    static FailoverClient xmemcached(List<InetSocketAddress> servers) throws IOException {
        return new Xmemcached(servers);
    }

    /** A client in another language, by the script in the test's resources. */
    static FailoverClient script(Path directory, String interpreter, String name, List<InetSocketAddress> servers)
            throws IOException {
        return new Script(directory, interpreter, name, servers);
    }

    /** In this process; a request that meets a dead connection is made again. */
    abstract class OneByOne implements FailoverClient {
        private static final int ATTEMPTS = 5;

        /** Reads a key once. */
        abstract @Nullable String get(String key) throws Exception;

        @Override
        public List<@Nullable String> read(int count) throws Exception {
            List<@Nullable String> values = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                values.add(read(key(i)));
            }
            return values;
        }

        private @Nullable String read(String key) throws InterruptedException {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                try {
                    return get(key);
                } catch (Exception e) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
            return null;
        }
    }

    /** Its FailureMode is Redistribute. */
    final class Spymemcached extends OneByOne {
        private static final Logger QUIET = Logger.getLogger("net.spy");

        private final MemcachedClient client;

        private Spymemcached(List<InetSocketAddress> servers) throws IOException {
            System.setProperty("net.spy.log.LoggerImpl", "net.spy.memcached.compat.log.SunLogger");
            QUIET.setLevel(Level.OFF);
            client = new MemcachedClient(new KetamaConnectionFactory(), servers);
        }

        @Override
        public void write(int count) throws Exception {
            for (int i = 0; i < count; i++) {
                if (!client.set(key(i), 0, value(key(i))).get()) {
                    throw new IOException(key(i) + " cannot be set");
                }
            }
        }

        // What was on its way when the connection broke is cancelled.
        @Override
        @Nullable
        String get(String key) throws Exception {
            return (String) client.asyncGet(key).get(1, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            client.shutdown();
        }
    }

    /** It builds its ring anew. */
    final class Xmemcached extends OneByOne {
        private final XMemcachedClient client;

        private Xmemcached(List<InetSocketAddress> servers) throws IOException {
            XMemcachedClientBuilder builder = new XMemcachedClientBuilder(servers);
            builder.setSessionLocator(new KetamaMemcachedSessionLocator());
            builder.setEnableHealSession(false);
            client = (XMemcachedClient) builder.build();
            client.setOpTimeout(2_000);
        }

        @Override
        public void write(int count) throws Exception {
            for (int i = 0; i < count; i++) {
                if (!client.set(key(i), 0, value(key(i)))) {
                    throw new IOException(key(i) + " cannot be set");
                }
            }
        }

        @Override
        @Nullable
        String get(String key) throws Exception {
            return client.get(key);
        }

        @Override
        public void close() throws IOException {
            client.shutdown();
        }
    }

    /** In a process of its own, which writes at its start. */
    final class Script implements FailoverClient {
        private final Path directory;
        private final String interpreter;
        private final String name;
        private final List<InetSocketAddress> servers;
        private @Nullable Process process;

        private Script(Path directory, String interpreter, String name, List<InetSocketAddress> servers) {
            this.directory = directory;
            this.interpreter = interpreter;
            this.name = name;
            this.servers = servers;
        }

        @Override
        public void write(int count) throws Exception {
            Path script = directory.resolve(name);
            try (InputStream source = Objects.requireNonNull(getClass().getResourceAsStream(name), name)) {
                Files.write(script, source.readAllBytes());
            }
            List<String> words = new ArrayList<>(List.of(interpreter, script.toString(), "" + count));
            servers.forEach(server -> words.add("127.0.0.1:" + server.getPort()));
            process = new ProcessBuilder(words)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String line = reader(process).readLine();
            if (!"written".equals(line)) {
                throw new IOException(name + " said " + line);
            }
        }

        private static BufferedReader reader(Process process) {
            return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        @Override
        public List<@Nullable String> read(int count) throws Exception {
            Process running = Objects.requireNonNull(process);
            running.getOutputStream().write('\n');
            running.getOutputStream().flush();
            List<@Nullable String> values = new ArrayList<>();
            for (String line : reader(running).lines().toList()) {
                values.add(line.equals("-") ? null : line);
            }
            if (values.size() != count) {
                throw new IOException(name + " read " + values.size() + " of " + count);
            }
            return values;
        }

        @Override
        public void close() {
            if (process != null) {
                process.destroy();
            }
        }
    }

    /** Skips the test where the tool is missing. */
    static void assume(String module) throws IOException, InterruptedException {
        if (module.equals("dalli")) {
            Tools.assumeSuccess("ruby-dalli", "ruby -e 'require \"dalli\"'");
        } else {
            Tools.assumePythonModule(module);
        }
    }
}
