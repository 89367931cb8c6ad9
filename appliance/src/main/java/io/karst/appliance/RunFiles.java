package io.karst.appliance;

import io.karst.appliance.config.PidFile;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The files that tell others about a running server: its process id ({@code -P}) and its ports
 * (MEMCACHED_PORT_FILENAME). A file that cannot be written is a warning, as in memcached.
 */
final class RunFiles implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(RunFiles.class.getName());

    private final @Nullable PidFile pidFile;

    private RunFiles(@Nullable PidFile pidFile) {
        this.pidFile = pidFile;
    }

    static RunFiles write(
            @Nullable Path pidFile,
            @Nullable Path portFile,
            List<SocketAddress> addresses,
            List<SocketAddress> udpAddresses) {
        if (portFile != null) {
            writePorts(portFile, addresses, udpAddresses);
        }
        try {
            return new RunFiles(pidFile == null ? null : PidFile.write(pidFile));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Could not write the pid file {0}: {1}", pidFile, e.toString());
            return new RunFiles(null);
        }
    }

    /** Lines such as {@code TCP INET: 11211}; renamed into place, so that a reader never sees half of it. */
    private static void writePorts(Path file, List<SocketAddress> addresses, List<SocketAddress> udpAddresses) {
        StringBuilder lines = new StringBuilder();
        addresses.forEach(address -> appendPort(lines, "TCP", address));
        udpAddresses.forEach(address -> appendPort(lines, "UDP", address));
        try {
            Path unfinished = file.resolveSibling(file.getFileName() + ".lck");
            Files.writeString(unfinished, lines);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Could not write the port file {0}: {1}", file, e.toString());
        }
    }

    private static void appendPort(StringBuilder lines, String protocol, SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            String family = inet.getAddress() instanceof Inet6Address ? "INET6" : "INET";
            lines.append(protocol + " " + family + ": " + inet.getPort() + "\n");
        }
    }

    @Override
    public void close() {
        try {
            if (pidFile != null) {
                pidFile.close();
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Could not remove the pid file: {0}", e.toString());
        }
    }
}
