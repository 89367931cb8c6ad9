package io.karst.protocol.transcript;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;

/** A server behind a TCP socket: ours, or real memcached. */
public final class SocketWitness implements Witness {
    private static final int PATIENCE_MILLIS = 5_000;

    /** Makes a server's clock jump, so that tests need not sleep. */
    @FunctionalInterface
    public interface Clock {
        /** Lets time pass for the server. */
        void advance(int seconds) throws IOException;
    }

    private final String name;
    private final Socket socket = new Socket();
    private final Clock clock;

    /** Connects. */
    public SocketWitness(String name, SocketAddress address, Clock clock) throws IOException {
        this.name = name;
        this.clock = clock;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(address, PATIENCE_MILLIS);
    }

    /** Connects to a port of this machine; time passes by waiting for it, as nothing else makes a stranger's clock run. */
    public static SocketWitness local(String name, int port) throws IOException {
        return new SocketWitness(
                name, new InetSocketAddress(InetAddress.getLoopbackAddress(), port), SocketWitness::sleep);
    }

    private static void sleep(int seconds) throws IOException {
        try {
            Thread.sleep(seconds * 1000L);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            // Closed by the peer while we were still talking: what it said, or did not say, is for receive() to judge.
        }
    }

    @Override
    public byte[] receive(int length) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] received = new byte[length];
        int count = 0;
        try {
            while (count < length) {
                int n = in.read(received, count, length - count);
                if (n < 0) {
                    break;
                }
                count += n;
            }
        } catch (SocketTimeoutException | SocketException e) {
            // Silent or reset: fewer bytes than asked for.
        }
        return count == length ? received : Arrays.copyOf(received, count);
    }

    @Override
    public boolean isClosed() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    @Override
    public void advance(int seconds) throws IOException {
        clock.advance(seconds);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
