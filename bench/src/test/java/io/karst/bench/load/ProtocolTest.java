package io.karst.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.Appliance;
import io.karst.appliance.WallClock;
import io.karst.appliance.config.Environment;
import io.karst.appliance.config.Start;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The generator's protocols against a real server: each is understood, in pieces of any size, and each finds what is wrong. */
@Timeout(60)
class ProtocolTest {
    private static final int KEYS = 300;
    private static final int KEY_LENGTH = 20;

    private static Appliance server;

    @BeforeAll
    static void start() throws Exception {
        Environment environment = Environment.ofThisProcess();
        Start start = Start.from(
                List.of("-p", "-1", "-l", "127.0.0.1", "-t", "1", "-m", "128", "-o", "large=50"), environment);
        server = Appliance.start(((Start.Serve) start).settings(), environment.version(), WallClock.system());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static int port() {
        return ((InetSocketAddress) server.addresses().get(0)).getPort();
    }

    private static void flushAll() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write("flush_all\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals('O', socket.getInputStream().read());
        }
    }

    private static Dataset dataset(int valueLength) {
        return Dataset.versioned(new KeySpace(KEY_LENGTH), ValueSizes.fixed(valueLength), 0, 0, 2 * KEYS);
    }

    private static LoadCounters run(int port, Protocol protocol, int depth, Dataset dataset, RequestSource source)
            throws IOException {
        LoadPlan plan = LoadPlan.untilDry(port, 2, depth).speaking(protocol);
        return LoadGenerator.run(plan, dataset, source, LoadObserver.NONE).total();
    }

    private static int keysPerGet(Protocol protocol) {
        return protocol == Protocol.META ? 1 : 7;
    }

    @ParameterizedTest
    @EnumSource
    void everyItemIsStoredAndReadBack(Protocol protocol) throws IOException {
        for (int valueLength : new int[] {0, 3, 200, 70_000}) {
            Dataset dataset = dataset(valueLength);
            assertEquals(KEYS, run(port(), protocol, 8, dataset, RangeSource.sets(0, KEYS)).stored);
            LoadCounters read = run(port(), protocol, 8, dataset, RangeSource.gets(0, KEYS, keysPerGet(protocol)));
            assertFalse(read.isWrong(), read::toString);
            assertEquals(KEYS, read.hits, "length " + valueLength);
            assertEquals(0, read.misses);
        }
    }

    @ParameterizedTest
    @EnumSource
    void keysThatNobodySetAreMissesAmongHits(Protocol protocol) throws IOException {
        Dataset dataset = dataset(50);
        run(port(), protocol, 8, dataset, RangeSource.sets(0, KEYS));
        flushAll();
        run(port(), protocol, 8, dataset, RangeSource.sets(KEYS / 2, KEYS));
        LoadCounters read = run(port(), protocol, 8, dataset, RangeSource.gets(0, KEYS, keysPerGet(protocol)));
        assertFalse(read.isWrong(), read::toString);
        assertEquals(KEYS / 2, read.hits);
        assertEquals(KEYS / 2, read.misses);
    }

    @ParameterizedTest
    @EnumSource
    void repliesInPiecesAreTheSameReplies(Protocol protocol) throws IOException {
        Dataset dataset = dataset(200);
        run(port(), protocol, 8, dataset, RangeSource.sets(0, KEYS));
        for (int pieceLength : new int[] {1, 2, 3, 23, 29}) {
            try (Crumbler crumbler = new Crumbler(port(), pieceLength)) {
                LoadCounters read =
                        run(crumbler.port(), protocol, 8, dataset, RangeSource.gets(0, 60, keysPerGet(protocol)));
                assertFalse(read.isWrong(), () -> pieceLength + " bytes: " + read);
                assertEquals(60, read.hits);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherWritersValueIsAWrongOne(Protocol protocol) throws IOException {
        Dataset dataset = dataset(200);
        run(port(), protocol, 8, dataset, RangeSource.sets(0, KEYS));
        Dataset stranger = dataset(201);
        run(port(), protocol, 8, stranger, RangeSource.sets(17, 18));
        LoadCounters read = run(port(), protocol, 8, dataset, RangeSource.gets(0, KEYS, keysPerGet(protocol)));
        assertEquals(1, read.wrongValues);
        assertEquals(KEYS, read.hits);
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedSetIsAnErrorOrTheEnd(Protocol protocol) throws IOException {
        Dataset tooLarge = dataset(2 << 20);
        LoadCounters counters = run(port(), protocol, 1, tooLarge, RangeSource.sets(0, 1));
        assertTrue(counters.isWrong(), counters::toString);
        assertEquals(0, counters.stored);
    }

    @Test
    void metaHasNoMultiget() {
        assertThrows(
                IllegalArgumentException.class,
                () -> run(port(), Protocol.META, 1, dataset(10), RangeSource.gets(0, 10, 2)));
    }

    /** Passes requests on as they come and replies in pieces of one length, each a packet of its own. */
    private static final class Crumbler implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final int target;
        private final int pieceLength;

        Crumbler(int target, int pieceLength) throws IOException {
            this.target = target;
            this.pieceLength = pieceLength;
            start(this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        private static void start(Runnable work) {
            Thread thread = new Thread(work, "crumbler");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            while (true) {
                try {
                    Socket client = listener.accept();
                    Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
                    client.setTcpNoDelay(true);
                    behind.setTcpNoDelay(true);
                    start(() -> copy(client, behind, 1 << 16));
                    start(() -> copy(behind, client, pieceLength));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private static void copy(Socket from, Socket to, int most) {
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                byte[] piece = new byte[most];
                for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                    out.write(piece, 0, n);
                }
            } catch (IOException e) {
                // One side has gone; the other follows.
            }
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
