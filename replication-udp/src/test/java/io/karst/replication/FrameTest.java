package io.karst.replication;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** The layouts of docs/wire/replication.md, byte by byte, and that nothing else is taken for a frame. */
class FrameTest {
    private static final long BOOT = 0x0102_0304_0506_0708L;

    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[8192]);

    private String hex(int length) {
        byte[] frame = new byte[length];
        buffer.getBytes(0, frame);
        return HexFormat.of().formatHex(frame);
    }

    private int batch() {
        int at = RecordBatch.BODY;
        at += ReplicaRecord.encode(
                buffer,
                at,
                ReplicaRecord.VALUE,
                0x1122,
                5,
                7,
                0xABCDL << 48,
                "key".getBytes(US_ASCII),
                "value".getBytes(US_ASCII));
        at += ReplicaRecord.encode(
                buffer, at, ReplicaRecord.DELETE, 0x1133, 0, 0, 0xABCEL << 48, "gone".getBytes(US_ASCII), new byte[0]);
        int length = RecordBatch.encode(buffer, 3, BOOT, 9, 2, at);
        RecordBatch.encodeFloor(buffer, 8);
        return length;
    }

    @Test
    void helloHasItsLayout() {
        int length = Hello.encode(buffer, 2, BOOT, 0x11, 0x22, "a:1".getBytes(US_ASCII));
        assertEquals(
                "01010200" + "25000000" + "0807060504030201" + "1100000000000000" + "2200000000000000" + "0300"
                        + "613a31",
                hex(length));
        Hello hello = new Hello();
        assertTrue(hello.wrap(buffer, 0, length));
        assertEquals(2, hello.node());
        assertEquals(BOOT, hello.boot());
        assertEquals(0x11, hello.echo());
        assertEquals(0x22, hello.configDigest());
        assertArrayEquals("a:1".getBytes(US_ASCII), hello.name());
    }

    @Test
    void batchHasItsLayout() {
        int length = batch();
        assertEquals(
                "01020300" + "78000000" + "0807060504030201" + "0900000000000000" + "0800000000000000" + "02000000"
                        + "2211000000000000" + "0500000000000000" + "000000000000cdab" + "05000000" + "0300" + "0100"
                        + "07000000"
                        + "6b6579" + "76616c7565"
                        + "3311000000000000" + "0000000000000000" + "000000000000ceab" + "00000000" + "0400" + "0200"
                        + "00000000"
                        + "676f6e65",
                hex(length));
        RecordBatch batch = new RecordBatch();
        assertTrue(batch.wrap(buffer, 0, length));
        assertEquals(9, batch.sequence());
        assertEquals(8, batch.floor());
        ReplicaRecord item = new ReplicaRecord();
        int next = batch.record(item, RecordBatch.BODY);
        byte[] value = new byte[item.valueLength()];
        item.value(value);
        assertArrayEquals("value".getBytes(US_ASCII), value);
        assertEquals(7, item.flags());
        assertEquals(5, item.expiryMicros());
        assertEquals(length, batch.record(item, next));
        assertEquals(ReplicaRecord.DELETE, item.type());
        assertEquals(0xABCE, BucketDigests.bucketOf(item.hash()));
    }

    @Test
    void ackAndAnswerHaveTheirLayouts() {
        int length = AppliedAck.encode(buffer, 1, BOOT, 0x55, 0x66);
        assertEquals(
                "01030100" + "20000000" + "0807060504030201" + "5500000000000000" + "6600000000000000", hex(length));
        int pull = pull();
        assertEquals(
                "01090100" + "28000000" + "0807060504030201" + "cdab0200" + "00000000" + "0100000000000000"
                        + "0200000000000000",
                hex(pull));
    }

    private int pull() {
        PullRequest.encodeHash(buffer, 0, 1);
        PullRequest.encodeHash(buffer, 1, 2);
        return PullRequest.encode(buffer, 1, BOOT, 0xABCD, 2);
    }

    @Test
    void heartbeatCarriesEveryFlushVersion() {
        FlushVector flushes = new FlushVector(3);
        assertTrue(flushes.raise(1, 77));
        assertFalse(flushes.raise(1, 76), "it only grows");
        int length = Heartbeat.encode(buffer, 0, true, BOOT, 1_000, 42, 0x99, 2, flushes);
        Heartbeat heartbeat = new Heartbeat();
        assertTrue(heartbeat.wrap(buffer, 0, length));
        assertTrue(heartbeat.isCold());
        assertEquals(1_000, heartbeat.clockMicros());
        assertEquals(42, heartbeat.configDigest());
        assertEquals(0x99, heartbeat.refusedBoot());
        assertEquals(2, heartbeat.standing());
        assertEquals(3, heartbeat.flushCount());
        assertEquals(77, heartbeat.flushVersion(1));
    }

    @Test
    void differencesNameTheDigestsThatDiffer() {
        BucketDigests ours = new BucketDigests();
        BucketDigests theirs = new BucketDigests();
        theirs.toggle(0x1234L << 48, 5);
        ours.toggle(0xFF00L << 48, 5);
        assertEquals(List.of(0x12, 0xFF), differences(theirs, ours, DigestFrame.ALL_GROUPS));
        assertEquals(List.of(0x34), differences(theirs, ours, 0x12));
        ours.toggle(0x1234L << 48, 5);
        theirs.toggle(0xFF00L << 48, 5);
        assertEquals(List.of(), differences(theirs, ours, DigestFrame.ALL_GROUPS));
    }

    private List<Integer> differences(BucketDigests theirs, BucketDigests ours, int group) {
        DigestFrame digests = new DigestFrame();
        assertTrue(digests.wrap(buffer, 0, DigestFrame.encode(buffer, 1, BOOT, 4, group, theirs)));
        UnsafeBuffer answer = new UnsafeBuffer(new byte[DifferenceFrame.LENGTH]);
        DifferenceFrame frame = new DifferenceFrame();
        assertTrue(frame.wrap(answer, 0, DifferenceFrame.encode(answer, 2, BOOT, digests, ours)));
        assertEquals(4, frame.round());
        assertEquals(group, frame.group());
        List<Integer> different = new ArrayList<>();
        for (int i = 0; i < BucketDigests.GROUP_COUNT; i++) {
            if (frame.differs(i)) {
                different.add(i);
            }
        }
        return different;
    }

    @Test
    void referencesDoNotTravel() {
        int end = RecordBatch.BODY
                + ReplicaRecord.encode(
                        buffer,
                        RecordBatch.BODY,
                        ReplicaRecord.REFERENCE,
                        1,
                        0,
                        0,
                        0,
                        "key".getBytes(US_ASCII),
                        new byte[0]);
        int length = RecordBatch.encode(buffer, 0, BOOT, 1, 1, end);
        RecordBatch.encodeFloor(buffer, 1);
        assertFalse(new RecordBatch().wrap(buffer, 0, length));
    }

    @Test
    void summaryOutOfOrderIsNone() {
        int length = summary(buffer, 5, 6);
        assertTrue(new BucketSummary().wrap(buffer, 0, length));
        assertFalse(new BucketSummary().wrap(buffer, 0, summary(buffer, 6, 5)));
        assertFalse(new BucketSummary().wrap(buffer, 0, summary(buffer, 5, 5)));
        assertFalse(new BucketSummary().wrap(buffer, 0, summary(buffer, 5, 1L << 48)), "another bucket");
    }

    private static int summary(UnsafeBuffer buffer, long... hashes) {
        buffer.setMemory(16, 32, (byte) 0);
        buffer.putShort(22, (short) hashes.length);
        buffer.putLong(32, 0xFFFF_FFFF_FFFFL);
        for (int i = 0; i < hashes.length; i++) {
            buffer.putLong(48 + 16 * i, hashes[i]);
            buffer.putLong(56 + 16 * i, 1);
        }
        return Frame.encodeHeader(buffer, FrameType.SUMMARY, 1, 0, BOOT, 48 + 16 * hashes.length);
    }

    @Test
    void everyTruncatedFrameIsNone() {
        int length = batch();
        for (int shorter = 0; shorter < length; shorter++) {
            assertNull(Frame.type(buffer, 0, shorter));
            assertFalse(new RecordBatch().wrap(buffer, 0, shorter));
        }
    }

    @Test
    void frameOfAnotherLayoutIsNone() {
        int length = batch();
        buffer.putByte(0, (byte) 2);
        assertNull(Frame.type(buffer, 0, length));
    }
}
