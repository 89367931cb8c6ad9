package io.karst.appliance.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.KarstServer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HeartbeatsTest {
    private final List<Queue<Runnable>> queues = List.of(new ArrayDeque<>(), new ArrayDeque<>());
    private final Heartbeats heartbeats =
            new Heartbeats(2, (loop, task) -> queues.get(loop).add(task));

    @Test
    void beatsWhileEveryLoopRunsItsTask() {
        for (int i = 0; i < 5; i++) {
            assertTrue(heartbeats.beat());
            queues.forEach(queue -> queue.remove().run());
        }
    }

    @Test
    void oneSilentLoopAmongTwoIsEnoughToStop() {
        assertTrue(heartbeats.beat());
        queues.get(0).remove().run();
        assertFalse(heartbeats.beat());
        assertFalse(heartbeats.beat());
    }

    @Test
    void aSilentLoopIsAskedOnceAndBeatsAgainWhenItHasAnswered() {
        assertTrue(heartbeats.beat());
        queues.get(0).remove().run();
        assertFalse(heartbeats.beat());
        assertEquals(1, queues.get(1).size());
        queues.get(1).remove().run();
        assertTrue(heartbeats.beat());
    }

    @Test
    void loopsThatHaveEndedDoNotBeat() {
        Heartbeats ended = new Heartbeats(1, (loop, task) -> {
            throw new RejectedExecutionException();
        });
        assertFalse(ended.beat());
    }

    @Test
    void aRealLoopThatHangsStopsThemAndOneThatGoesOnStartsThem() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch isStuck = new CountDownLatch(1);
        try (KarstServer server = KarstServer.start("-m", "64", "-t", "2")) {
            Heartbeats real = new Heartbeats(2, server.appliance()::executeOn);
            server.appliance().executeOn(1, () -> {
                isStuck.countDown();
                awaitQuietly(stuck);
            });
            isStuck.await();
            assertTrue(real.beat());
            assertFalse(real.beat());
            stuck.countDown();
            while (!real.beat()) {
                Thread.onSpinWait();
            }
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
