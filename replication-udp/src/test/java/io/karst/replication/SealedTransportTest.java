package io.karst.replication;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.ring.Placement;
import io.karst.ring.PlacementKind;
import io.karst.ring.RingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Two nodes over a wire that somebody else holds: he sees every frame, and may keep, change, drop and repeat it. */
class SealedTransportTest {
    private static final SessionKeys KEY = new SessionKeys("sixteen bytes or more".getBytes(US_ASCII));
    private static final SessionKeys OTHER_KEY = new SessionKeys("another key than that".getBytes(US_ASCII));

    private final Random random = new Random(1);
    private final Placement placement =
            PlacementKind.SPY_REDISTRIBUTE.placement(List.of(RingNode.of("a:1", 1), RingNode.of("b:1", 1)));
    private final List<List<byte[]>> wires = List.of(new ArrayList<>(), new ArrayList<>());
    private final List<byte[]> seen = new ArrayList<>();
    private final List<String> received = new ArrayList<>();
    private SealedTransport a = node(0, ring(KEY));
    private SealedTransport b = node(1, ring(KEY));

    private static KeyRing ring(SessionKeys key) {
        return new KeyRing(Map.of(1, key), 1);
    }

    /** A node in a new life. */
    private SealedTransport node(int self, KeyRing ring) {
        return new SealedTransport(new Wire(self), ring, Members.of(placement), self, () -> {
            byte[] salt = new byte[SessionKeys.SALT_LENGTH];
            random.nextBytes(salt);
            return salt;
        });
    }

    private final class Wire implements Transport {
        private final int self;

        private Wire(int self) {
            this.self = self;
        }

        @Override
        public boolean offer(int peer, DirectBuffer buffer, int offset, int length) {
            byte[] frame = new byte[length];
            buffer.getBytes(offset, frame);
            if (peer != self) {
                wires.get(peer).add(frame);
                seen.add(frame);
            }
            return true;
        }

        @Override
        public int poll(Handler handler, int limit) {
            List<byte[]> frames = List.copyOf(wires.get(self));
            wires.get(self).clear();
            frames.forEach(frame -> handler.onFrame(1 - self, new UnsafeBuffer(frame), 0, frame.length));
            return frames.size();
        }

        @Override
        public int maxFrameLength() {
            return 1024;
        }
    }

    private final Transport.Handler handler = new Transport.Handler() {
        @Override
        public void onFrame(int peer, DirectBuffer buffer, int offset, int length) {
            received.add(buffer.getStringWithoutLengthAscii(offset, length));
        }

        @Override
        public void onLost(int peer) {
            received.add("lost " + peer);
        }
    };

    private void exchange() {
        for (int i = 0; i < 6; i++) {
            a.poll(handler, 100);
            b.poll(handler, 100);
        }
    }

    private static boolean send(SealedTransport from, int peer, String text) {
        return from.offer(peer, new UnsafeBuffer(text.getBytes(US_ASCII)), 0, text.length());
    }

    private void deliver(int node, byte[] frame) {
        wires.get(node).add(frame);
    }

    @Test
    void keysAreThoseOfRfc5869() {
        // By Python's hmac and hashlib, with the same salt, key and info.
        byte[] salt = new byte[SessionKeys.SALT_LENGTH];
        byte[] key = new SessionKeys(new byte[16]).key("a", salt, "b", salt).getEncoded();
        assertEquals("622c98ff22fc60efdf0ab6829cd972c3", HexFormat.of().formatHex(key));
    }

    @Test
    void nodesThatBootTogetherForTheFirstTimeUnderstandEachOther() {
        assertFalse(send(a, 1, "too early"));
        exchange();
        assertTrue(send(a, 1, "from a"));
        assertTrue(send(b, 0, "from b"));
        exchange();
        assertEquals(List.of("from b", "from a"), received);
        assertEquals(0, a.forgedCount() + b.forgedCount());
    }

    @Test
    void nothingIsReadableOnTheWire() {
        exchange();
        send(a, 1, "readable");
        String last = new String(seen.get(seen.size() - 1), US_ASCII);
        assertFalse(last.contains("readable"));
    }

    @Test
    void changedTruncatedAndPlainFramesAreDroppedAndCounted() {
        exchange();
        send(a, 1, "x");
        byte[] frame = wires.get(1).remove(0);
        for (int i = 0; i < frame.length; i++) {
            byte[] changed = frame.clone();
            changed[i] ^= 4;
            deliver(1, changed);
            deliver(1, Arrays.copyOf(frame, i));
        }
        deliver(1, "plain".getBytes(US_ASCII));
        b.poll(handler, 1000);
        assertEquals(
                List.of(), received.stream().filter(text -> !text.equals("x")).toList());
        // The unused byte 3 is authenticated as well.
        assertEquals(2L * frame.length + 1, b.forgedCount());
        deliver(1, frame);
        b.poll(handler, 1000);
        assertEquals(List.of("x"), received);
    }

    @Test
    void foreignKeyIsRefused() {
        a = node(0, ring(OTHER_KEY));
        exchange();
        assertFalse(send(a, 1, "x"));
        exchange();
        assertEquals(List.of(), received);
        assertTrue(b.forgedCount() > 0);
    }

    @Test
    void frameThatComesAgainIsDroppedAndCounted() {
        exchange();
        send(a, 1, "once");
        byte[] frame = wires.get(1).get(0);
        deliver(1, frame);
        b.poll(handler, 100);
        assertEquals(List.of("once"), received);
        assertEquals(1, b.repeatedCount());
    }

    @Test
    void frameFromBeforeTheReceiversRestartIsNotOpened() {
        exchange();
        send(a, 1, "old");
        byte[] frame = wires.get(1).remove(0);
        List<byte[]> everything = List.copyOf(seen);
        b = node(1, ring(KEY));
        deliver(1, frame);
        exchange();
        everything.forEach(each -> deliver(1, each));
        exchange();
        deliver(1, frame);
        exchange();
        assertEquals(List.of(), received);
    }

    @Test
    void helloFromBeforeTheSendersRestartDoesNotBringItsKeyBack() {
        exchange();
        send(a, 1, "first life");
        exchange();
        List<byte[]> firstLife = List.copyOf(seen);
        a = node(0, ring(KEY));
        exchange();
        assertTrue(send(a, 1, "second life") || retry("second life"));
        exchange();
        firstLife.forEach(each -> deliver(1, each));
        exchange();
        send(a, 1, "still");
        exchange();
        assertEquals(List.of("first life", "second life", "still"), received);
    }

    @Test
    void helloThatWasHeldBackDoesNotLockTheNextLifeOut() {
        exchange();
        a = node(0, ring(KEY));
        // The second life hears b's challenge, but what it answers is held back.
        a.poll(handler, 100);
        b.poll(handler, 100);
        a.poll(handler, 100);
        List<byte[]> heldBack = List.copyOf(wires.get(1));
        assertFalse(heldBack.isEmpty());
        wires.get(1).clear();
        a = node(0, ring(KEY));
        exchange();
        heldBack.forEach(each -> deliver(1, each));
        exchange();
        assertTrue(send(a, 1, "third life"));
        exchange();
        assertEquals(List.of("third life"), received);
    }

    private boolean retry(String text) {
        exchange();
        return send(a, 1, text);
    }

    @Test
    void restartsOfEitherSideAreOvercome() {
        for (int i = 0; i < 300; i++) {
            if (i % 3 == 0) {
                a = node(0, ring(KEY));
            } else if (i % 3 == 1) {
                b = node(1, ring(KEY));
            }
            send(a, 1, "wake up");
            send(b, 0, "wake up");
            exchange();
            received.clear();
            assertTrue(send(a, 1, "to b " + i), "round " + i);
            assertTrue(send(b, 0, "to a " + i), "round " + i);
            exchange();
            assertEquals(Set.of("to b " + i, "to a " + i), Set.copyOf(received));
        }
    }

    @Test
    void manyRestartsOfOneSideAreOvercomeByTheOther() {
        for (int i = 0; i < 200; i++) {
            a = node(0, ring(KEY));
            exchange();
            received.clear();
            assertTrue(send(a, 1, "life " + i) || retry("life " + i));
            exchange();
            assertEquals(List.of("life " + i), received);
        }
    }

    @Test
    void clonedStateUsesNoNonceTwiceUnderOneKey() {
        // Nothing is kept, so a clone is a node of the same name in another life: its salt is another one.
        Set<String> keys = new HashSet<>();
        byte[] peerSalt = new byte[SessionKeys.SALT_LENGTH];
        for (int life = 0; life < 100; life++) {
            byte[] salt = new byte[SessionKeys.SALT_LENGTH];
            random.nextBytes(salt);
            keys.add(HexFormat.of()
                    .formatHex(KEY.key("a:1", salt, "b:1", peerSalt).getEncoded()));
            keys.add(HexFormat.of()
                    .formatHex(KEY.key("b:1", peerSalt, "a:1", salt).getEncoded()));
        }
        assertEquals(200, keys.size());
    }

    @Test
    void keyIsChangedWithoutAPause() {
        KeyRing both = new KeyRing(Map.of(1, KEY, 2, OTHER_KEY), 1);
        KeyRing bothSealingWithNew = new KeyRing(Map.of(1, KEY, 2, OTHER_KEY), 2);
        a = node(0, both);
        b = node(1, bothSealingWithNew);
        exchange();
        assertTrue(send(a, 1, "old key"));
        assertTrue(send(b, 0, "new key"));
        exchange();
        assertEquals(Set.of("old key", "new key"), Set.copyOf(received));
    }

    @Test
    void shortKeysAndUnknownIdsAreRefusedAtStart() {
        assertThrows(IllegalArgumentException.class, () -> new SessionKeys(new byte[15]));
        assertThrows(IllegalArgumentException.class, () -> new KeyRing(Map.of(1, KEY), 2));
    }

    @Test
    void longestFrameLeavesRoomForTheEnvelope() {
        exchange();
        byte[] frame = new byte[a.maxFrameLength()];
        assertTrue(a.offer(1, new UnsafeBuffer(frame), 0, frame.length));
        assertEquals(1024, wires.get(1).get(0).length);
        assertArrayEquals(new byte[] {1, 17, 1, 0}, Arrays.copyOf(wires.get(1).get(0), 4));
    }
}
