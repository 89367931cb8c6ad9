package io.karst.replication;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Frames that are none, by seed, for a node that is at work. Replay with {@code -Dkarst.testArgs=-Dseed=...}. */
class DamagedFramesTest {
    private static final int FUZZ_ROUNDS = 100_000;

    /** Valid frames with bytes changed, and noise with a valid header: a node counts them and goes on. */
    @Test
    void damagedFramesThrowNothing() {
        long seed = Long.getLong("seed", 20_261_128);
        Random random = new Random(seed);
        Simulation simulation = new Simulation(seed, TombstonePurge::new, SimFaults.longPartition());
        simulation.quiet(5_000);
        Transport.Handler handler = simulation.nodes.get(0).inbound();
        long boot = simulation.nodes.get(0).peers().get(0).boot();
        UnsafeBuffer frame = new UnsafeBuffer(new byte[8192]);
        for (int i = 0; i < FUZZ_ROUNDS; i++) {
            int length = damaged(random, frame, boot);
            handler.onFrame(1, frame, 0, length);
        }
        assertTrue(simulation.nodes.get(0).counters().get(ReplicationCounter.FRAMES_MALFORMED) > FUZZ_ROUNDS / 4);
        long rounds = simulation.nodes.get(0).counters().get(ReplicationCounter.ROUNDS_COMPLETED);
        // Some of them count as batches of peer 1, so the real ones are taken for repetitions until it is another boot.
        simulation.restart(1);
        simulation.quiet(8_000);
        assertTrue(
                simulation.nodes.get(0).counters().get(ReplicationCounter.ROUNDS_COMPLETED) > rounds,
                "the node goes on, -Dseed=" + seed);
    }

    private static int damaged(Random random, UnsafeBuffer frame, long boot) {
        int length = Frame.HEADER_LENGTH + random.nextInt(random.nextBoolean() ? 64 : 2_200);
        if (random.nextBoolean()) {
            length = batch(frame, random);
            for (int i = random.nextInt(4); i >= 0; i--) {
                frame.putByte(16 + random.nextInt(length - 16), (byte) random.nextInt());
            }
        } else {
            for (int i = 0; i < length; i++) {
                frame.putByte(i, (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0));
            }
            // Hellos and heartbeats may do harm when they are forged: that is what sealing is for.
            FrameType[] types = FrameType.values();
            FrameType type = types[random.nextInt(types.length)];
            type = type == FrameType.HELLO || type == FrameType.HEARTBEAT ? FrameType.BATCH : type;
            Frame.encodeHeader(frame, type, 1, random.nextInt(2), boot, length);
        }
        frame.putLong(8, boot);
        return random.nextInt(4) == 0 ? random.nextInt(length) : length;
    }

    private static int batch(UnsafeBuffer frame, Random random) {
        int end = RecordBatch.BODY;
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            byte[] key = ("key:" + i).getBytes(US_ASCII);
            end += ReplicaRecord.encode(
                    frame,
                    end,
                    ReplicaRecord.VALUE,
                    1 + i,
                    0,
                    0,
                    SimStore.hash("key:" + i),
                    key,
                    new byte[random.nextInt(20)]);
        }
        RecordBatch.encode(frame, 1, 1, 1, count, end);
        RecordBatch.encodeFloor(frame, 1);
        return end;
    }
}
