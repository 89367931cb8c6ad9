package io.karst.appliance.systemd;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A socket that listens already: systemd opened it, for a {@code .socket} unit, and hands it over as an open file.
 *
 * <p>Source: sd_listen_fds(3), socket(7).
 *
 * @param descriptor number of the open file, from 3 on
 * @param isUnix whether its address is a path, not a TCP port
 * @param address where it listens
 */
public record InheritedSocket(int descriptor, boolean isUnix, SocketAddress address) {
    private static final int FIRST = 3;
    private static final int COUNT_MAX = 64;

    // Linux's numbers, in <asm-generic/socket.h> and <bits/socket.h>.
    private static final int SOL_SOCKET = 1;
    private static final int SO_DOMAIN = 39;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_TYPE = 3;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final int O_NONBLOCK = 0_4000;

    /**
     * Those that LISTEN_FDS and LISTEN_PID announce, none when they are meant for another process.
     *
     * @param pid of this process
     * @throws IOException naming the first that cannot be used
     */
    public static List<InheritedSocket> of(Map<String, String> environment, long pid) throws IOException {
        String count = environment.getOrDefault("LISTEN_FDS", "");
        if (count.isEmpty() || !environment.getOrDefault("LISTEN_PID", "").equals("" + pid)) {
            return List.of();
        }
        if (!count.matches("[0-9]{1,2}") || Integer.parseInt(count) > COUNT_MAX) {
            throw new IOException("LISTEN_FDS = \"" + count + "\": not a count. Leave it to systemd.");
        }
        // Also loads the native library, without which a descriptor tells nothing.
        if (!Epoll.isAvailable()) {
            throw new IOException("sockets from systemd need epoll: "
                    + Epoll.unavailabilityCause().getMessage());
        }
        List<InheritedSocket> sockets = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(count); i++) {
            sockets.add(of(FIRST + i));
        }
        return List.copyOf(sockets);
    }

    private static InheritedSocket of(int descriptor) throws IOException {
        Socket socket = new Socket(descriptor);
        requireListening(socket);
        requireNonBlocking(descriptor);
        boolean isUnix = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN) == AF_UNIX;
        return new InheritedSocket(
                descriptor, isUnix, isUnix ? socket.localDomainSocketAddress() : socket.localAddress());
    }

    private static void requireListening(Socket socket) throws IOException {
        boolean isListening;
        try {
            isListening = socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 1
                    && socket.getIntOpt(SOL_SOCKET, SO_TYPE) == SOCK_STREAM;
        } catch (IOException e) {
            isListening = false;
        }
        if (!isListening) {
            throw new IOException("file " + socket.intValue()
                    + " from systemd is no stream socket that listens. Use ListenStream= in the socket unit.");
        }
    }

    // On a socket that blocks, an event loop that accepts would wait for the next client and serve nobody meanwhile.
    private static void requireNonBlocking(int descriptor) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
            if (line.startsWith("flags:")
                    && (Long.parseLong(line.substring("flags:".length()).strip(), 8) & O_NONBLOCK) == 0) {
                throw new IOException(
                        "file " + descriptor + " from systemd blocks. Add NonBlocking=yes to the service unit.");
            }
        }
    }
}
