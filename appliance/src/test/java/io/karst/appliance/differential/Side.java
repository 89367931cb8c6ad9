package io.karst.appliance.differential;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** One of the two servers: a connection that can be replaced when the server closes it. */
final class Side implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 10_000;

    private final String name;
    private final InetSocketAddress address;
    private final byte[] buffer = new byte[1 << 16];
    private Socket socket;

    Side(String name, InetSocketAddress address) throws IOException {
        this.name = name;
        this.address = address;
        this.socket = connect();
    }

    String name() {
        return name;
    }

    private Socket connect() throws IOException {
        Socket fresh = new Socket();
        fresh.setTcpNoDelay(true);
        fresh.setSoTimeout(PATIENCE_MILLIS);
        fresh.connect(address);
        return fresh;
    }

    void reconnect() throws IOException {
        socket.close();
        socket = connect();
    }

    void send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            // Closed on us; reading will tell.
        }
    }

    /** Everything up to these bytes, or up to the server's close: then without them. */
    byte[] until(byte[] last) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        while (true) {
            int count;
            try {
                count = socket.getInputStream().read(buffer);
            } catch (SocketTimeoutException e) {
                throw new AssertionError(
                        name + " went silent after "
                                + Step.visible(received.toString(java.nio.charset.StandardCharsets.ISO_8859_1)),
                        e);
            } catch (SocketException e) {
                count = -1;
            }
            if (count < 0) {
                return received.toByteArray();
            }
            received.write(buffer, 0, count);
            if (endsWith(received, last)) {
                return received.toByteArray();
            }
        }
    }

    private static boolean endsWith(ByteArrayOutputStream received, byte[] last) {
        if (received.size() < last.length) {
            return false;
        }
        byte[] all = received.toByteArray();
        for (int i = 0; i < last.length; i++) {
            if (all[all.length - last.length + i] != last[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
