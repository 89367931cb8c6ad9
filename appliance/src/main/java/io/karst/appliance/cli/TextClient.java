package io.karst.appliance.cli;

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
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A blocking connection that speaks the text protocol; a character is a byte. Used by one thread. What goes wrong is an
 * {@link IOException} whose message names the server and fits one line.
 */
public final class TextClient implements AutoCloseable {
    private static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int ANSWER_MILLIS = 60_000;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int LINE_MAX = 4096;

    private final Endpoint endpoint;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** Connects, in clear and without a login. */
    public TextClient(Endpoint endpoint) throws IOException {
        this(endpoint, Access.OPEN);
    }

    /** Connects, and logs in when the access says who. */
    TextClient(Endpoint endpoint, Access access) throws IOException {
        this.endpoint = endpoint;
        Socket plain = new Socket();
        try {
            InetSocketAddress address = new InetSocketAddress(endpoint.host(), endpoint.port());
            if (address.isUnresolved()) {
                throw new IOException("no such host");
            }
            plain.connect(address, CONNECT_MILLIS);
            plain.setTcpNoDelay(true);
            plain.setSoTimeout(ANSWER_MILLIS);
            socket = access.tls() == null ? plain : encrypted(plain, access.tls());
            in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
            out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
        } catch (IOException e) {
            plain.close();
            String what = e instanceof SSLException ? "no TLS: " : "";
            throw new IOException(endpoint + ": " + what + oneLine(e.getMessage()), e);
        }
        if (access.login() != null) {
            logIn(access.login(), access.password());
        }
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "no reason given" : message.lines().findFirst().orElse("");
    }

    private SSLSocket encrypted(Socket plain, SSLContext context) throws IOException {
        SSLSocket encrypted =
                (SSLSocket) context.getSocketFactory().createSocket(plain, endpoint.host(), endpoint.port(), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        // The certificate must name the host, as for a web server.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }

    private void logIn(String login, String password) throws IOException {
        String token = new String((login + " " + password).getBytes(StandardCharsets.UTF_8), BYTES);
        try {
            write("set login 0 0 " + token.length() + "\r\n" + token + "\r\n");
            flush();
            String answer = line();
            if (!answer.equals("STORED")) {
                throw new IOException(endpoint + ": no login: " + answer);
            }
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Who is asked. */
    Endpoint endpoint() {
        return endpoint;
    }

    /** Appends to what is sent with the next {@link #flush}. */
    public void write(String text) throws IOException {
        out.write(text.getBytes(BYTES));
    }

    /** As {@link #write(String)}, {@code length} bytes. */
    public void write(byte[] bytes, int length) throws IOException {
        out.write(bytes, 0, length);
    }

    /** Sends what was written. */
    public void flush() throws IOException {
        out.flush();
    }

    /** The next line without its end. */
    public String line() throws IOException {
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
    public void read(byte[] bytes, int length) throws IOException {
        if (in.readNBytes(bytes, 0, length) < length) {
            throw new EOFException(endpoint + " closed the connection");
        }
    }

    /**
     * The rows of {@code stats}, in their order.
     *
     * @param group what stands behind it, or empty
     * @throws Refused when the server says something else; its words are in the message
     */
    public Map<String, String> stats(String group) throws IOException {
        write(group.isEmpty() ? "stats\r\n" : "stats " + group + "\r\n");
        flush();
        Map<String, String> rows = new LinkedHashMap<>();
        for (String row = line(); !row.equals("END"); row = line()) {
            String[] words = row.split(" ", 3);
            // Reset and detail on have an answer of one line.
            if (row.equals("RESET") || row.equals("OK")) {
                rows.put(group, "done");
                return rows;
            }
            if ((!words[0].equals("STAT") && !words[0].equals("PREFIX")) || words.length < 2) {
                throw new Refused(
                        endpoint + " answered stats" + (group.isEmpty() ? "" : " " + group) + " with: " + row);
            }
            rows.put(words[1], words.length == 3 ? words[2] : "");
        }
        return rows;
    }

    /** The server's clock, Unix seconds. */
    public long time() throws IOException {
        String time = stats("").getOrDefault("time", "0").trim();
        return Long.parseLong(time);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
