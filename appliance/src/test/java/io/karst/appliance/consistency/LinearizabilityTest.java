package io.karst.appliance.consistency;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.consistency.Event.Kind;
import io.karst.appliance.consistency.Event.Outcome;
import io.karst.appliance.fixture.KarstServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Eight connections at once on one key, four in text, two in meta, two in binary, on two event loops; 1,000 seeded histories.
 * Every history must have an order that explains its answers: with that no value comes from nowhere, no read is older than an
 * acknowledged write, and one CAS token is good for one success.
 */
@Timeout(300)
class LinearizabilityTest {
    private static final int HISTORIES = Integer.getInteger("histories", 1_000);
    private static final int CLIENTS = 8;
    private static final int COMMANDS = 8;

    @Test
    void everyHistoryHasAnOrder() throws Exception {
        long seed = Long.getLong("seed", 8);
        ExecutorService pool = Executors.newFixedThreadPool(CLIENTS);
        try (KarstServer server = KarstServer.start("-m", "64", "-t", "2")) {
            CyclicBarrier start = new CyclicBarrier(CLIENTS);
            Map<Integer, Map<Integer, Long>> tokens = new ConcurrentHashMap<>();
            List<Future<List<List<Event>>>> clients = new ArrayList<>();
            AtomicInteger values = new AtomicInteger();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.add(pool.submit(() -> run(number, seed, server.address(), start, values, tokens)));
            }
            List<List<List<Event>>> byClient = new ArrayList<>();
            for (Future<List<List<Event>>> client : clients) {
                byClient.add(client.get());
            }
            int overlapping = 0;
            for (int history = 0; history < HISTORIES; history++) {
                List<Event> events = new ArrayList<>();
                for (List<List<Event>> client : byClient) {
                    events.addAll(client.get(history));
                }
                events.sort(Comparator.comparingLong(Event::invoked));
                String shown = "-Dseed=" + seed + " history " + history + ":\n"
                        + String.join("\n", events.stream().map(Event::toString).toList());
                assertTrue(Linearizability.holds(events), shown);
                assertTrue(isOneSuccessPerToken(events), shown);
                overlapping += overlapsIn(events);
            }
            assertTrue(overlapping > HISTORIES, "hardly any two commands met: " + overlapping);
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<List<Event>> run(
            int number,
            long seed,
            InetSocketAddress address,
            CyclicBarrier start,
            AtomicInteger values,
            Map<Integer, Map<Integer, Long>> tokens)
            throws Exception {
        List<List<Event>> histories = new ArrayList<>();
        try (KeyClient client = connect(number, address)) {
            for (int history = 0; history < HISTORIES; history++) {
                Random random = new Random(seed * 1_000_003 + history * 31L + number);
                Map<Integer, Long> known = tokens.computeIfAbsent(history, any -> new ConcurrentHashMap<>());
                List<Event> events = new ArrayList<>();
                KeyClient.Read last = new KeyClient.Read(Event.ABSENT, 0);
                start.await();
                for (int i = 0; i < COMMANDS; i++) {
                    Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
                    boolean hasToken = last.value() != Event.ABSENT;
                    if (kind == Kind.CAS && !hasToken) {
                        kind = Kind.GET;
                    }
                    String key = "key" + history;
                    int value = kind == Kind.GET || kind == Kind.DELETE ? Event.ABSENT : values.incrementAndGet();
                    long invoked = System.nanoTime();
                    if (kind == Kind.GET) {
                        last = client.read(key);
                        long returned = System.nanoTime();
                        if (last.value() != Event.ABSENT) {
                            Long before = known.putIfAbsent(last.value(), last.cas());
                            assertTrue(before == null || before == last.cas(), "two tokens of one value");
                        }
                        events.add(new Event(
                                kind, Event.ABSENT, Event.ABSENT, last.value(), Outcome.DONE, invoked, returned));
                    } else {
                        Outcome outcome = client.change(kind, key, value, last.cas());
                        int compared = kind == Kind.CAS ? last.value() : Event.ABSENT;
                        events.add(new Event(kind, value, compared, Event.ABSENT, outcome, invoked, System.nanoTime()));
                    }
                }
                histories.add(events);
            }
        }
        return histories;
    }

    private static KeyClient connect(int number, InetSocketAddress address) throws Exception {
        return switch (number % 4) {
            case 0, 1 -> new KeyClient.Text(address);
            case 2 -> new KeyClient.Meta(address);
            default -> new KeyClient.Binary(address);
        };
    }

    private static boolean isOneSuccessPerToken(List<Event> events) {
        Map<Integer, Integer> successes = new HashMap<>();
        for (Event event : events) {
            if (event.kind() == Kind.CAS && event.outcome() == Outcome.DONE) {
                successes.merge(event.compared(), 1, Integer::sum);
            }
        }
        return successes.values().stream().allMatch(count -> count == 1);
    }

    private static int overlapsIn(List<Event> events) {
        int count = 0;
        for (int i = 1; i < events.size(); i++) {
            if (events.get(i).invoked() < events.get(i - 1).returned()) {
                count++;
            }
        }
        return count;
    }

    // ---- the judge itself ----

    private static Event event(Kind kind, int written, int compared, int found, Outcome outcome, long from, long to) {
        return new Event(kind, written, compared, found, outcome, from, to);
    }

    @Test
    void staleReadIsSeen() {
        List<Event> history = List.of(
                event(Kind.SET, 1, -1, -1, Outcome.DONE, 0, 1),
                event(Kind.SET, 2, -1, -1, Outcome.DONE, 2, 3),
                event(Kind.GET, -1, -1, 1, Outcome.DONE, 4, 5));
        assertFalse(Linearizability.holds(history));
        assertTrue(Linearizability.holds(List.of(history.get(0), history.get(2))));
    }

    @Test
    void valueFromNowhereIsSeen() {
        assertFalse(Linearizability.holds(List.of(event(Kind.GET, -1, -1, 7, Outcome.DONE, 0, 1))));
    }

    @Test
    void twoSuccessesOnOneTokenAreSeen() {
        List<Event> history = List.of(
                event(Kind.SET, 1, -1, -1, Outcome.DONE, 0, 1),
                event(Kind.CAS, 2, 1, -1, Outcome.DONE, 2, 9),
                event(Kind.CAS, 3, 1, -1, Outcome.DONE, 2, 9));
        assertFalse(Linearizability.holds(history));
        assertFalse(isOneSuccessPerToken(history));
    }

    @Test
    void commandsThatOverlapMayChangePlaces() {
        List<Event> history = List.of(
                event(Kind.SET, 1, -1, -1, Outcome.DONE, 0, 9),
                event(Kind.GET, -1, -1, -1, Outcome.DONE, 1, 2),
                event(Kind.GET, -1, -1, 1, Outcome.DONE, 3, 4));
        assertTrue(Linearizability.holds(history));
        assertEquals(1, overlapsIn(history));
    }
}
