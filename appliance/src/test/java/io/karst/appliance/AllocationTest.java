package io.karst.appliance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.karst.appliance.config.Environment;
import io.karst.appliance.config.Start;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Commands over a real socket, hot keys and the log of slow bursts switched on, measured on the event loop's thread: after warm-up a request allocates nothing, ours or
 * Netty's, whether requests come one by one or in bursts. The thread-allocated-bytes counter advances when a thread takes
 * a new allocation buffer or asks, so what is left is the periodic tick and the measuring itself, bounded below.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AllocationTest {
    private static final int COMMANDS = 10_000;
    private static final int WARM_UP = 60_000;
    private static final int BURST = 50;
    private static final int ROUNDS = 10;

    /** What ticks, timers and the measuring task may allocate during a whole run, bytes: far below one per command. */
    private static final long BACKGROUND = 4096;

    /** A String for a number would be 48 at least. */
    private static final long DUMPED_BYTES_PER_ITEM = 16;

    private Appliance appliance;

    @BeforeEach
    void start() throws IOException {
        Start start = Start.from(
                List.of("-p", "-1", "-t", "1", "-m", "64", "-o", "hotkeys=256,slow_log=60000000"),
                Environment.ofThisProcess());
        appliance = Appliance.start(((Start.Serve) start).settings(), "test", WallClock.system());
    }

    @AfterEach
    void stop() {
        appliance.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    get hit     | get k\\r\\n                         | VALUE k 0 5\\r\\nhello\\r\\nEND\\r\\n
                    get miss    | get nope\\r\\n                      | END\\r\\n
                    multiget    | get k nope k k\\r\\n                | VALUE k 0 5\\r\\nhello\\r\\nVALUE k 0 5\\r\\nhello\\r\\nVALUE k 0 5\\r\\nhello\\r\\nEND\\r\\n
                    set         | set s 7 100 5\\r\\nworld\\r\\n      | STORED\\r\\n
                    delete      | delete nope\\r\\n                   | NOT_FOUND\\r\\n
                    mg          | mg k v f t s k Oo\\r\\n            | VA 5 f0 t-1 s5 kk Oo\\r\\nhello\\r\\n
                    mg recache  | mg k v T0 R30 h\\r\\n              | VA 5 h1\\r\\nhello\\r\\n
                    mg base64   | mg aw== b k\\r\\n                  | HD kk\\r\\n
                    ms          | ms s 5 T100 F7 s\\r\\nworld\\r\\n     | HD s5\\r\\n
                    ms append   | ms s 0 MA N0\\r\\n\\r\\n             | HD\\r\\n
                    md          | md nope k\\r\\n                    | NF knope\\r\\n
                    ma          | ma zero N0 D0 v\\r\\n              | VA 1\\r\\n0\\r\\n
                    set, delete | set d 0 0 1\\r\\n1\\r\\ndelete d\\r\\n | STORED\\r\\nDELETED\\r\\n
                    touch       | touch k 0\\r\\n                     | TOUCHED\\r\\n
                    add exists  | add k 0 0 1\\r\\n1\\r\\n            | NOT_STORED\\r\\n
                    gat         | gat 0 k\\r\\n                       | VALUE k 0 5\\r\\nhello\\r\\nEND\\r\\n
                    """)
    void aRequestAllocatesNothing(String name, String request, String reply) throws Exception {
        byte[] requestBytes = bytes(request);
        byte[] replyBytes = bytes(reply);
        try (Client client = new Client()) {
            client.exchange(
                    bytes("set k 0 0 5\\r\\nhello\\r\\nget k\\r\\n"),
                    bytes("STORED\\r\\nVALUE k 0 5\\r\\nhello\\r\\nEND\\r\\n"));
            assertNothingAllocated(name, client, requestBytes, replyBytes);
        }
    }

    @ParameterizedTest
    @CsvSource({"incr", "decr"})
    void arithmeticAllocatesNothing(String command) throws Exception {
        try (Client client = new Client()) {
            client.exchange(bytes("set n 0 0 20\\r\\n10000000000000000000\\r\\n"), bytes("STORED\\r\\n"));
            // By 0, so that every reply is the same.
            assertNothingAllocated(command, client, bytes(command + " n 0\\r\\n"), bytes("10000000000000000000\\r\\n"));
        }
    }

    /** What a dump allocates per turn of the loop, a timer's task for forty lines, may be there; nothing per line. */
    @ParameterizedTest
    @CsvSource({"lru_crawler metadump all, END", "lru_crawler mgdump all, EN"})
    void aDumpAllocatesNothingPerItem(String command, String end) throws Exception {
        int items = 20_000;
        byte[] buffer = new byte[1 << 16];
        try (RawClient client =
                RawClient.connect((InetSocketAddress) appliance.addresses().get(0))) {
            for (int i = 0; i < items; i++) {
                client.ask("set dumped-" + i + " 0 0 1\r\nx", "STORED");
            }
            long lowest = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long before = allocatedOnLoop();
                client.ask(command, "OK");
                assertEquals(items, client.skipLines(end + "\r\n", buffer));
                lowest = Math.min(lowest, allocatedOnLoop() - before);
            }
            System.out.printf("allocation %s of %d items: %d bytes%n", command, items, lowest);
            assertTrue(lowest < DUMPED_BYTES_PER_ITEM * items, lowest + " bytes");
        }
    }

    /** Changes are copied to the outbox, and noted; the peer is not there. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    set    | set s 7 100 5\\r\\nworld\\r\\n | STORED\\r\\n
                    ms     | ms s 5 T100 F7 s\\r\\nworld\\r\\n | HD s5\\r\\n
                    delete | delete nope\\r\\n | NOT_FOUND\\r\\n
                    set, delete | set d 0 0 1\\r\\n1\\r\\ndelete d\\r\\n | STORED\\r\\nDELETED\\r\\n
                    ma     | ma zero N0 D0 v\\r\\n | VA 1\\r\\n0\\r\\n
                    touch  | touch s 0\\r\\n | TOUCHED\\r\\n
                    """)
    void aChangeWithPeersAllocatesNothing(String name, String request, String reply, @TempDir Path directory)
            throws Exception {
        appliance.close();
        Path peers = Files.writeString(directory.resolve("peers"), "a 127.0.0.1:33301\nb 127.0.0.1:33302\n");
        Start start = Start.from(
                List.of("-p", "-1", "-t", "1", "-m", "64", "-o", "peers=" + peers + ",peer_name=a,warmup_max=0"),
                Environment.ofThisProcess());
        appliance = Appliance.start(((Start.Serve) start).settings(), "test", WallClock.system());
        try (Client client = new Client()) {
            client.exchange(bytes("set s 0 0 5\\r\\nhello\\r\\n"), bytes("STORED\\r\\n"));
            assertNothingAllocated("with peers " + name, client, bytes(request), bytes(reply));
        }
    }

    private void assertNothingAllocated(String name, Client client, byte[] request, byte[] reply) throws Exception {
        byte[] requests = repeat(request, BURST);
        byte[] replies = repeat(reply, BURST);
        for (int i = 0; i < WARM_UP / BURST; i++) {
            client.exchange(requests, replies);
        }
        for (int i = 0; i < WARM_UP / 10; i++) {
            client.exchange(request, reply);
        }
        long inBursts = lowest(client, requests, replies, COMMANDS / BURST);
        long oneByOne = lowest(client, request, reply, COMMANDS);
        System.out.printf(
                "allocation %-12s %d commands in bursts: %d bytes, one by one: %d bytes%n",
                name, COMMANDS, inBursts, oneByOne);
        assertEquals(0, inBursts / COMMANDS, "bytes per command, in bursts");
        assertEquals(0, oneByOne / COMMANDS, "bytes per command, one by one");
        assertTrue(inBursts <= BACKGROUND, "in bursts: " + inBursts);
        assertTrue(oneByOne <= BACKGROUND, "one by one: " + oneByOne);
    }

    /** On a loaded machine the compiler may be late, and interpreted code boxes what compiled code does not. */
    private long lowest(Client client, byte[] request, byte[] reply, int times) throws Exception {
        long lowest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && lowest > BACKGROUND; round++) {
            long before = allocatedOnLoop();
            for (int i = 0; i < times; i++) {
                client.exchange(request, reply);
            }
            lowest = Math.min(lowest, allocatedOnLoop() - before);
        }
        return lowest;
    }

    private long allocatedOnLoop() throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        CompletableFuture<Long> answer = new CompletableFuture<>();
        appliance.executeOn(
                0,
                () -> answer.complete(
                        threads.getThreadAllocatedBytes(Thread.currentThread().getId())));
        return answer.get();
    }

    private static byte[] bytes(String escaped) {
        return escaped.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] repeat(byte[] bytes, int times) {
        return new String(bytes, StandardCharsets.US_ASCII).repeat(times).getBytes(StandardCharsets.US_ASCII);
    }

    /** A socket whose client side lives on the test's thread, so that it does not count. */
    private final class Client implements AutoCloseable {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;

        Client() throws IOException {
            InetSocketAddress address =
                    (InetSocketAddress) appliance.addresses().get(0);
            socket = new Socket(address.getAddress(), address.getPort());
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }

        void exchange(byte[] request, byte[] reply) throws IOException {
            out.write(request);
            byte[] answer = in.readNBytes(reply.length);
            assertEquals(new String(reply, StandardCharsets.US_ASCII), new String(answer, StandardCharsets.US_ASCII));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
