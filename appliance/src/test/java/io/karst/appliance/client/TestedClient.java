package io.karst.appliance.client;

import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A client that people use, unmodified, and the program that runs every operation it offers: a class here for those of
 * Maven, for the others a script {@code clients/<name>} that prints {@code ok <operation>} or {@code FAIL <operation>: <why>}.
 */
enum TestedClient {
    SPYMEMCACHED(SpymemcachedOperations::run, Dialect.TEXT, Dialect.BINARY, Dialect.SASL),
    XMEMCACHED(XmemcachedOperations::run, Dialect.TEXT, Dialect.BINARY),
    FOLSOM(FolsomOperations::run, Dialect.TEXT, Dialect.BINARY, Dialect.SASL),
    PYMEMCACHE(new Python("python3-pymemcache", "pymemcache"), Dialect.TEXT),
    PYLIBMC(new Python("python3-pylibmc", "pylibmc"), Dialect.TEXT, Dialect.BINARY, Dialect.SASL),
    BINARY_MEMCACHED(new Python("python3-binary-memcached", "bmemcached"), Dialect.BINARY, Dialect.SASL),
    DJANGO(new Python("python3-django", "django, pymemcache, pylibmc"), Dialect.TEXT),
    DALLI(
            new Script("ruby-dalli.rb", "ruby-dalli", "ruby -e \"require 'dalli'\"", "ruby"),
            Dialect.BINARY,
            Dialect.SASL),
    PHP_MEMCACHED(
            new Script(
                    "php-memcached.php", "php-memcached", "php -r 'exit((int) !class_exists(\"Memcached\"));'", "php"),
            Dialect.TEXT,
            Dialect.BINARY,
            Dialect.SASL),
    CACHE_MEMCACHED_FAST(
            new Script(
                    "libcache-memcached-fast-perl.pl",
                    "libcache-memcached-fast-perl",
                    "perl -MCache::Memcached::Fast -e 1",
                    "perl"),
            Dialect.TEXT),
    GOMEMCACHE(new Go(), Dialect.TEXT),
    MEMJS(new Node("memjs"), Dialect.BINARY, Dialect.SASL),
    NODE_MEMCACHED(new Node("memcached"), Dialect.TEXT);

    /** Runs every operation on a server. */
    interface Program {
        /** Skips the test, by the client's name, when it is not installed. */
        default void assumeInstalled() throws IOException, InterruptedException {}

        /**
         * Runs all operations.
         *
         * @throws Exception when it cannot even be started
         */
        void run(Endpoint server, Operations operations) throws Exception;
    }

    private final Program program;
    private final Set<Dialect> dialects;

    TestedClient(Program program, Dialect... dialects) {
        this.program = program;
        this.dialects = Set.of(dialects);
    }

    /** What it speaks. */
    Set<Dialect> dialects() {
        return dialects;
    }

    /** Skips the test, by the client's name, when it is not installed. */
    void assumeInstalled() throws IOException, InterruptedException {
        program.assumeInstalled();
    }

    /** Runs all operations on a server. */
    Operations runOn(Endpoint server) throws Exception {
        Operations operations = new Operations();
        program.run(server, operations);
        return operations;
    }

    /** A script in the client's own language, with an interpreter. */
    private record Script(String file, String packageName, String check, List<String> interpreter) implements Program {
        Script(String file, String packageName, String check, String interpreter) {
            this(file, packageName, check, List.of(interpreter));
        }

        @Override
        public void assumeInstalled() throws IOException, InterruptedException {
            Tools.assumeSuccess(packageName, check);
        }

        @Override
        public void run(Endpoint server, Operations operations) throws Exception {
            inOwnDirectory(List.of(file), directory -> {
                List<String> words = new ArrayList<>(interpreter);
                words.add(directory.resolve(file).toString());
                runScript(words, Map.of(), server, operations);
            });
        }
    }

    /** A Python script; all of them share suite.py. */
    private record Python(String name, String modules) implements Program {
        @Override
        public void assumeInstalled() throws IOException, InterruptedException {
            Tools.assumeSuccess(name, "/usr/bin/python3 -c 'import " + modules + "'");
        }

        @Override
        public void run(Endpoint server, Operations operations) throws Exception {
            inOwnDirectory(List.of("suite.py", name + ".py"), directory -> {
                String script = directory.resolve(name + ".py").toString();
                runScript(List.of("/usr/bin/python3", script), Map.of(), server, operations);
            });
        }
    }

    /** A script of Node.js; ./verify puts the modules of clients/npm into target/npm. */
    private record Node(String name) implements Program {
        private static Path modules() {
            return Tools.inTree("target/npm/node_modules");
        }

        @Override
        public void assumeInstalled() throws IOException, InterruptedException {
            Tools.assumeSuccess(
                    "npm module " + name,
                    "command -v node && test -d '" + modules().resolve(name) + "'");
        }

        @Override
        public void run(Endpoint server, Operations operations) throws Exception {
            inOwnDirectory(List.of(name + ".js"), directory -> {
                String script = directory.resolve(name + ".js").toString();
                runScript(List.of("node", script), Map.of("NODE_PATH", modules().toString()), server, operations);
            });
        }
    }

    /** A Go program, compiled against the sources that Debian's package brings. */
    private record Go() implements Program {
        private static final String PATH = "/usr/share/gocode";

        @Override
        public void assumeInstalled() throws IOException, InterruptedException {
            Tools.assumeSuccess(
                    "golang-github-bradfitz-gomemcache-dev with golang-go",
                    "command -v go && test -d " + PATH + "/src/github.com/bradfitz/gomemcache");
        }

        @Override
        public void run(Endpoint server, Operations operations) throws Exception {
            inOwnDirectory(List.of("gomemcache.go"), directory -> {
                String program = directory.resolve("gomemcache").toString();
                Tools.Outcome build = Tools.run(
                        List.of("go", "build", "-o", program, program + ".go"),
                        Map.of("GO111MODULE", "off", "GOPATH", PATH, "GOFLAGS", ""),
                        "");
                if (build.status() != 0) {
                    throw new AssertionError(build.out());
                }
                runScript(List.of(program), Map.of(), server, operations);
            });
        }
    }

    private interface InDirectory {
        void run(Path directory) throws Exception;
    }

    private static void inOwnDirectory(List<String> resources, InDirectory body) throws Exception {
        Path directory = Files.createTempDirectory("karst-client");
        try {
            for (String resource : resources) {
                try (InputStream in = TestedClient.class.getResourceAsStream("/clients/" + resource)) {
                    Files.copy(
                            Objects.requireNonNull(in, resource),
                            directory.resolve(resource),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
            body.run(directory);
        } finally {
            Tools.run("rm", "-r", directory.toString());
        }
    }

    private static void runScript(
            List<String> command, Map<String, String> environment, Endpoint server, Operations operations)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(
                server.host(), Integer.toString(server.port()), server.dialect().word()));
        if (server.dialect() == Dialect.SASL) {
            words.addAll(List.of(server.user(), server.password()));
        }
        Tools.Outcome outcome = Tools.run(words, environment, "");
        outcome.out().lines().forEach(operations::note);
        if ((outcome.status() == 0) != operations.failed().isEmpty()) {
            operations.note("FAIL script: exit status " + outcome.status() + "\n" + outcome.out());
        }
    }
}
