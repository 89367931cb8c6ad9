package io.karst.tuning.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Workload BILLION = new Workload(1_000_000_000L, 20, 200, 10_000_000, 90, 3, 20);
    private static final Node NODE = new Node(128_000_000_000L, 16, 70);

    private final Plan plan = new Plan(BILLION, NODE);

    @Test
    void aBillionSmallItemsAre220GigabytesAnd660InThreeReplicas() {
        assertEquals(220_000_000_000L, BILLION.rawBytes());
        assertTrue(plan.text().contains("1,000,000,000 of 20 + 200 bytes: 220 GB\n"), plan.text());
        assertTrue(plan.text().contains("x 3: 660 GB\n"), plan.text());
    }

    @Test
    void whatTheyTakeIsMeasuredAndStandsBesideTheRuleOfThumb() {
        assertEquals(36, Measured.overheadBytes());
        assertEquals(768_000_000_000L, plan.totalBytes());
        assertTrue(plan.text().contains("in memory   x 1.16, measured"), plan.text());
        assertTrue(plan.text().contains("by the rule of thumb, x 2, it would be 1.32 TB\n"), plan.text());
    }

    @Test
    void tenMillionRequestsAreNineMillionReadsAndWritesThatArriveThreeTimes() {
        assertEquals(9_000_000, BILLION.reads());
        assertEquals(1_000_000, BILLION.writes());
        assertEquals(12_000_000, plan.totalRequests());
    }

    @Test
    void theHotSetIsReadInBothWays() {
        assertEquals(44_000_000_000L, plan.hotBytes());
        assertEquals(9, plan.nodes());
        assertTrue(
                plan.text()
                        .contains("20 %: 44 GB. Read as the hot set of the whole cluster, that is 4.9 GB a node of 9"),
                plan.text());
        assertTrue(
                plan.text().contains("read as what every node holds, 396 GB for all of them together\n"), plan.text());
    }

    @Test
    void memoryAndRequestsEachAskForNodesAndTheLargerNumberCounts() {
        assertEquals(9, plan.nodesForMemory());
        assertEquals(8, plan.nodesForRequests());
        Plan fewCores = new Plan(BILLION, new Node(128_000_000_000L, 4, 70));
        assertEquals(31, fewCores.nodesForRequests());
        assertEquals(31, fewCores.nodes());
    }

    @Test
    void thereAreAsManyNodesAsReplicas() {
        Plan small = new Plan(new Workload(1000, 20, 200, 1000, 90, 3, 20), NODE);
        assertEquals(3, small.nodes());
    }

    @Test
    void twentyFiveThousandPartitionsOfOneToTwoGigabytesAre33Terabytes() {
        // 25,600 partitions, in items of 220 bytes; the middle of 1 and 2 GB, less what rounding took.
        Workload partitions = new Workload(25_600L * 1_290_000_000L / 220, 20, 200, 1_000_000, 90, 1, 20);
        assertEquals(33, partitions.rawBytes() / 1_000_000_000_000L);
    }

    @Test
    void theFiguresAreThoseOfTheirPages() throws IOException {
        Path docs = Path.of("").toAbsolutePath().resolveSibling("docs/operate");
        assertTrue(Files.readString(docs.resolve("items-per-gigabyte.md"))
                .contains(String.format(Locale.ROOT, "| %,d |", Measured.ITEMS_PER_GIBIBYTE)));
        assertTrue(Files.readString(docs.resolve("performance.md"))
                .contains(String.format(Locale.ROOT, "| %,d [", Measured.REQUESTS_PER_CORE)));
    }
}
