package io.karst.appliance.warm;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** A blocking connection that speaks the text protocol; a character is a byte. Used by one thread. */
final class TextClient implements AutoCloseable {
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_MILLIS = 60_000;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int LINE_MAX = 4096;

    private final WarmCommand.Endpoint endpoint;
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    TextClient(WarmCommand.Endpoint endpoint) throws IOException {
        this.endpoint = endpoint;
        try {
            InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
            if (address.isUnresolved()) {
                throw new IOException("no such host");
            }
            socket.connect(address, CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
            out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
        } catch (IOException e) {
            socket.close();
            throw new IOException(endpoint + ": " + e.getMessage(), e);
        }
    }

    /** Appends to what is sent with the next {@link #flush}. */
    void write(String text) throws IOException {
        out.write(text.getBytes(BYTES));
    }

    /** As {@link #write(String)}, {@code length} bytes. */
    void write(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** The next line without its end. */
    String line() throws IOException {
        line.reset();
        while (true) {
            int next = read();
            if (next == '\n') {
                break;
            }
            if (line.size() == LINE_MAX) {
                throw new IOException(endpoint + ": a line without end");
            }
            line.write(next);
        }
        String text = line.toString(BYTES);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private int read() throws IOException {
        try {
            int next = in.read();
            if (next < 0) {
                throw new EOFException(endpoint + " closed the connection");
            }
            return next;
        } catch (SocketTimeoutException e) {
            throw new IOException(endpoint + ": no answer within " + ANSWER_MILLIS / 1000 + " s", e);
        }
    }

    /** Reads {@code length} bytes into the beginning of an array. */
    void read(byte[] bytes, int length) throws IOException {
        if (in.readNBytes(bytes, 0, length) < length) {
            throw new EOFException(endpoint + " closed the connection");
        }
    }

    /** The server's clock, Unix seconds. */
    long time() throws IOException {
        write("stats\r\n");
        flush();
        long time = 0;
        for (String row = line(); !row.equals("END"); row = line()) {
            if (row.startsWith("STAT time ")) {
                time = Long.parseLong(row.substring("STAT time ".length()).trim());
            } else if (!row.startsWith("STAT ")) {
                throw new IOException(endpoint + " answered stats with: " + row);
            }
        }
        return time;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
