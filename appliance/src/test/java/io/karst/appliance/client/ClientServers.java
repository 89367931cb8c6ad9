package io.karst.appliance.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The servers that clients are run on, real memcached and ours, each ready for a dialect. */
final class ClientServers {
    private static final String HOST = "127.0.0.1";
    private static final String USER = "karst";
    private static final String PASSWORD = "secret";
    private static final String MEMORY_MIB = "64";

    private final Path directory;

    /** With a directory for the files of users. */
    ClientServers(Path directory) {
        this.directory = directory;
    }

    /** Where a server in this dialect is. */
    static Endpoint endpoint(int port, Dialect dialect) {
        return new Endpoint(HOST, port, dialect, USER, PASSWORD);
    }

    /** Real memcached, with a user of its own in a sasldb for {@link Dialect#SASL}; skips the test when it cannot be had. */
    ServerProcess memcached(Dialect dialect) throws IOException, InterruptedException {
        Tools.assumeTool("memcached");
        if (dialect != Dialect.SASL) {
            return ServerProcess.memcached("-m", MEMORY_MIB);
        }
        Tools.assumeSuccess("memcached with SASL", "memcached -h | grep -q enable-sasl");
        Tools.assumeTool("saslpasswd2");
        Tools.assumeSuccess("libsasl2-modules", "ls /usr/lib/*/sasl2/libplain.so");
        Path users = directory.resolve("sasldb");
        // memcached asks for the user of its own host name.
        Tools.Outcome made = Tools.run(
                List.of("/bin/sh", "-c", "saslpasswd2 -p -c -f " + users + " -u \"$(hostname)\" -a memcached " + USER),
                Map.of(),
                PASSWORD);
        assertEquals(0, made.status(), made.out());
        Files.writeString(directory.resolve("memcached.conf"), "mech_list: plain\nsasldb_path: " + users + "\n");
        // It runs as nobody.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r--r--"));
        return ServerProcess.memcached(
                Map.of("SASL_CONF_PATH", directory.toString()), "-m", MEMORY_MIB, "-S", "-B", "binary");
    }

    /** Ours, with the same user for {@link Dialect#SASL}. */
    KarstServer karst(Dialect dialect) throws IOException, InterruptedException {
        List<String> options = new ArrayList<>(List.of("-m", MEMORY_MIB));
        if (dialect == Dialect.SASL) {
            options.addAll(List.of("-S", "-o", "sasl_users=" + users()));
        }
        return KarstServer.start(options.toArray(String[]::new));
    }

    private Path users() throws IOException, InterruptedException {
        Path users = directory.resolve("users");
        Tools.Outcome made = Tools.run(
                ServerProcess.karstCommand(List.of(), "passwd", "--file", users.toString(), USER),
                Map.of(),
                PASSWORD + "\n");
        assertEquals(0, made.status(), made.out());
        return users;
    }
}
