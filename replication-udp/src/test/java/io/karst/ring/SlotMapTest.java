package io.karst.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The slots of a Redis cluster, as its own tools lay them out. */
class SlotMapTest {
    @Test
    void threeNodesHaveTheRangesThatEverybodyKnows() {
        SlotMap slots = new SlotMap(PlacementTest.nodes(3));
        assertRange(slots, 0, 0, 5460);
        assertRange(slots, 1, 5461, 10922);
        assertRange(slots, 2, 10923, 16383);
    }

    @ParameterizedTest
    @CsvSource({"123456789, 12739", "foo, 12182", "key, 12539", "'', 0"})
    void slotIsTheCrc16OfTheKey(String text, int slot) {
        byte[] key = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(slot, SlotMap.slot(key, 0, key.length));
    }

    @Test
    void everySlotHasOneNodeAndRangesFollowWeights() {
        SlotMap slots = new SlotMap(List.of(RingNode.of("a", 1), RingNode.of("b", 2), RingNode.of("c", 1)));
        int[] counts = new int[3];
        for (int slot = 0; slot < SlotMap.SLOT_COUNT; slot++) {
            counts[slots.node(slot)]++;
        }
        for (int node = 0; node < 3; node++) {
            assertEquals(slots.slotCount(node), counts[node]);
        }
        assertEquals(8_192, counts[1]);
    }

    private static void assertRange(SlotMap slots, int node, int first, int last) {
        assertEquals(first, slots.first(node));
        assertEquals(last, slots.first(node) + slots.slotCount(node) - 1);
    }
}
