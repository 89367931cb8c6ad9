package io.karst.appliance.warm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source that is no memcached: one line to the operator and status 69, no stack trace. */
@Timeout(60)
class WrongSourceTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "VALUE a 0 99999999999\r\n",
                "VALUE a 0 -5\r\nabc",
                "VALUE b 0 1\r\nx\r\nEND\r\n",
                "VALUE a 0 1\r\n",
                "nonsense\r\n"
            })
    void wrongAnswerEndsTheCopy(String answer) throws IOException {
        try (ServerSocket source = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread listener = new Thread(() -> accept(source, answer));
            listener.setDaemon(true);
            listener.start();
            String address = "127.0.0.1:" + source.getLocalPort();
            ByteArrayOutputStream said = new ByteArrayOutputStream();
            PrintStream err = new PrintStream(said, true, StandardCharsets.US_ASCII);
            assertEquals(69, new WarmCommand(err, err).run(List.of("--from", address, "--to", address)));
            assertTrue(
                    said.toString(StandardCharsets.US_ASCII).startsWith("karst: warm from "),
                    said.toString(StandardCharsets.US_ASCII));
        }
    }

    private static void accept(ServerSocket source, String answer) {
        try {
            while (true) {
                Socket client = source.accept();
                new Thread(() -> serve(client, answer)).start();
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    private static void serve(Socket client, String answer) {
        try (client;
                BufferedReader in = new BufferedReader(
                        new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                boolean isGet = line.startsWith("get");
                String reply = isGet
                        ? answer
                        : line.equals("stats") ? "STAT time 100\r\nEND\r\n" : "key=a exp=-1 la=1 \nEND\r\n";
                client.getOutputStream().write(reply.getBytes(StandardCharsets.ISO_8859_1));
                if (isGet) {
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
