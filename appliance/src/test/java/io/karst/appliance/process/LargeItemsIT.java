package io.karst.appliance.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.ServerProcess;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Large items, with their arena's share and {@code -I} as large as they go. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LargeItemsIT {
    private static final int PIECE = 1 << 20;

    @Test
    void ninetyPercentOfSixtyFourHoldFiftyItemsOfAMegabyte() throws Exception {
        String value = "v".repeat(1_000_000);
        try (ServerProcess karst = ServerProcess.karst("-m", "64", "-o", "large=90%");
                RawClient client = karst.connect()) {
            for (int i = 0; i < 200; i++) {
                client.ask("set key" + i + " 0 0 1000000\r\n" + value, "STORED");
            }
            int held = 0;
            for (int i = 0; i < 200; i++) {
                String answer = client.send("mg key" + i + " s\r\n").line();
                held += answer.equals("HD s1000000") ? 1 : 0;
            }
            assertTrue(held >= 50, "held " + held);
            assertEquals("90", client.stats("settings").get("large_percent"));
        }
    }

    @Test
    void itemOfAHundredTwentyMebibytesComesBack() throws Exception {
        comesBack(256, "128m", 134_000_000);
    }

    /** Takes as much memory as -m, and twice the item for the way in and out. */
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"1024, 512m, 536000000", "4096, 1g, 1000000000"})
    void itemOfAGigabyteComesBack(int megabytes, String itemMax, int length) throws Exception {
        comesBack(megabytes, itemMax, length);
    }

    /** Each loop's budget would take two of these values, the network's memory does not take eight. */
    @Test
    void valueThatNetworkMemoryCannotTakeIsRefusedAndItsConnectionStays() throws Exception {
        int length = 66_000_000;
        List<Socket> senders = new ArrayList<>();
        try (ServerProcess karst = ServerProcess.karst("-m", "256", "-I", "64m", "-t", "4");
                RawClient client = karst.connect()) {
            for (int i = 0; i < 8; i++) {
                Socket sender = new Socket(InetAddress.getLoopbackAddress(), karst.port());
                senders.add(sender);
                sender.getOutputStream().write(("set k 0 0 " + length + "\r\nab").getBytes(US_ASCII));
            }
            long refused = 0;
            long waiting = 0;
            while (refused + waiting < senders.size()) {
                refused = client.stat("read_buf_oom");
                waiting = client.stat("read_buf_bytes") / length;
            }
            assertTrue(refused > 0 && waiting > 0, "refused " + refused + ", waiting " + waiting);
            Socket told = null;
            while (told == null) {
                for (Socket sender : senders) {
                    told = sender.getInputStream().available() > 0 ? sender : told;
                }
            }
            assertEquals("SERVER_ERROR out of memory storing object", line(told.getInputStream()));
            byte[] rest = new byte[length - 2];
            told.getOutputStream().write(rest);
            told.getOutputStream().write("\r\nmn\r\n".getBytes(US_ASCII));
            assertEquals("MN", line(told.getInputStream()));
        } finally {
            for (Socket sender : senders) {
                sender.close();
            }
        }
    }

    private static void comesBack(int megabytes, String itemMax, int length) throws Exception {
        try (ServerProcess karst = ServerProcess.karst("-m", Integer.toString(megabytes), "-I", itemMax);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), karst.port());
                OutputStream out = socket.getOutputStream();
                InputStream in = new BufferedInputStream(socket.getInputStream(), PIECE)) {
            for (int round = 0; round < 2; round++) {
                out.write(("set big 0 0 " + length + "\r\n").getBytes(US_ASCII));
                long sent = send(out, length, round);
                assertEquals("STORED", line(in), karst.output());
                out.write("get big\r\n".getBytes(US_ASCII));
                assertEquals("VALUE big 0 " + length, line(in), karst.output());
                assertEquals(sent, receive(in, length));
                assertEquals("", line(in));
                assertEquals("END", line(in));
            }
        }
    }

    /** Sends a value and its line end; the checksum of the value. */
    private static long send(OutputStream out, int length, int seed) throws IOException {
        byte[] piece = new byte[PIECE];
        new Random(seed).nextBytes(piece);
        CRC32 sum = new CRC32();
        for (int left = length; left > 0; left -= PIECE) {
            // No two pieces are the same.
            piece[0] = (byte) (left >> 20);
            piece[1] = (byte) (left >> 28);
            out.write(piece, 0, Math.min(left, PIECE));
            sum.update(piece, 0, Math.min(left, PIECE));
        }
        out.write("\r\n".getBytes(US_ASCII));
        return sum.getValue();
    }

    private static long receive(InputStream in, int length) throws IOException {
        CRC32 sum = new CRC32();
        byte[] piece = new byte[PIECE];
        int left = length;
        while (left > 0) {
            int count = in.read(piece, 0, Math.min(left, PIECE));
            assertTrue(count > 0, "ended " + left + " bytes early");
            sum.update(piece, 0, count);
            left -= count;
        }
        return sum.getValue();
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            assertTrue(next >= 0, "ended after \"" + line + "\"");
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
