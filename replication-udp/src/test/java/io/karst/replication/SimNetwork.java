package io.karst.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A network in one thread: frames get lost, come twice, late and in another order, and whole ways are cut, by the seed.
 */
final class SimNetwork {
    private record Flight(int from, int to, DirectBuffer frame, long arrivesMs, long number) {}

    private final Random random;
    private final int maxFrameLength;
    private final List<PriorityQueue<Flight>> inboxes = new ArrayList<>();
    private final boolean[][] isCut;
    private final boolean[][] isLost;
    private final List<Flight> delivered = new ArrayList<>();
    private double lossRate;
    private double duplicateRate;
    private double refusalRate;
    private int maxDelayMs = 5;
    private long nowMs;
    private long number;

    SimNetwork(int nodeCount, Random random, int maxFrameLength) {
        this.random = random;
        this.maxFrameLength = maxFrameLength;
        isCut = new boolean[nodeCount][nodeCount];
        isLost = new boolean[nodeCount][nodeCount];
        for (int i = 0; i < nodeCount; i++) {
            inboxes.add(new PriorityQueue<>(
                    Comparator.comparingLong(Flight::arrivesMs).thenComparingLong(Flight::number)));
        }
    }

    void weather(double lossRate, double duplicateRate, double refusalRate, int maxDelayMs) {
        this.lossRate = lossRate;
        this.duplicateRate = duplicateRate;
        this.refusalRate = refusalRate;
        this.maxDelayMs = maxDelayMs;
    }

    void clock(long nowMs) {
        this.nowMs = nowMs;
    }

    /** Cuts or mends the way between two nodes, both directions; what is sent over it is accepted and lost. */
    void cut(int a, int b, boolean cut) {
        isCut[a][b] = cut;
        isCut[b][a] = cut;
    }

    void mend() {
        for (boolean[] row : isCut) {
            Arrays.fill(row, false);
        }
    }

    /** An image dies: what is on its way is lost though it was accepted, and the sender learns that something was. */
    void killImage(int from, int to) {
        inboxes.get(to).removeIf(flight -> flight.from == from);
        isLost[from][to] = true;
    }

    /** Delivers what arrived at a node in the last {@code ms} milliseconds once more. */
    void repeat(int node, long ms) {
        for (Flight flight : List.copyOf(delivered)) {
            if (flight.to == node && flight.arrivesMs >= nowMs - ms) {
                inboxes.get(node).add(new Flight(flight.from, node, flight.frame, nowMs, number++));
            }
        }
    }

    Transport transport(int node) {
        return new Transport() {
            @Override
            public boolean offer(int peer, DirectBuffer buffer, int offset, int length) {
                if (random.nextDouble() < refusalRate) {
                    return false;
                }
                byte[] frame = new byte[length];
                buffer.getBytes(offset, frame);
                send(node, peer, new UnsafeBuffer(frame));
                return true;
            }

            @Override
            public int poll(Handler handler, int limit) {
                for (int from = 0; from < isLost.length; from++) {
                    if (isLost[node][from]) {
                        isLost[node][from] = false;
                        handler.onLost(from);
                    }
                }
                return deliver(node, handler, limit);
            }

            @Override
            public int maxFrameLength() {
                return maxFrameLength;
            }
        };
    }

    private void send(int from, int to, DirectBuffer frame) {
        int copies = random.nextDouble() < duplicateRate ? 2 : 1;
        for (int i = 0; i < copies && !isCut[from][to]; i++) {
            if (random.nextDouble() >= lossRate) {
                long arrivesMs = nowMs + 1 + random.nextInt(maxDelayMs);
                inboxes.get(to).add(new Flight(from, to, frame, arrivesMs, number++));
            }
        }
    }

    private int deliver(int node, Transport.Handler handler, int limit) {
        PriorityQueue<Flight> inbox = inboxes.get(node);
        int count = 0;
        while (count < limit && !inbox.isEmpty() && inbox.element().arrivesMs <= nowMs) {
            Flight flight = inbox.remove();
            // At an odd offset, as in a buffer of many frames.
            UnsafeBuffer buffer = new UnsafeBuffer(new byte[flight.frame.capacity() + 3]);
            buffer.putBytes(3, flight.frame, 0, flight.frame.capacity());
            handler.onFrame(flight.from, buffer, 3, flight.frame.capacity());
            delivered.add(flight);
            count++;
        }
        if (delivered.size() > 2_000) {
            delivered.subList(0, 1_000).clear();
        }
        return count;
    }
}
