package io.karst.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PhiAccrualDetectorTest {
    private static final double PHI = 8;

    private final PhiAccrualDetector detector = new PhiAccrualDetector(200, 0);

    private long beat(int count) {
        for (int i = 0; i < count; i++) {
            detector.heartbeat(200L * i);
        }
        return 200L * (count - 1);
    }

    @Test
    void peerThatWasNeverHeardOfIsAway() {
        assertEquals(Double.POSITIVE_INFINITY, detector.phi(0));
        assertEquals(PeerState.UP, PeerState.of(detector.silenceMs(9_000)), "it may not have had the time");
        assertEquals(PeerState.DOWN, PeerState.of(detector.silenceMs(30_000)));
    }

    @Test
    void silenceIsSuspectedWithinTwoSeconds() {
        long last = beat(50);
        assertTrue(detector.phi(last + 400) < PHI, "one late heartbeat is none");
        assertTrue(detector.phi(last + 2_000) >= PHI);
    }

    @Test
    void oneHeartbeatAfterSilenceIsEnoughToComeBack() {
        long last = beat(50);
        detector.heartbeat(last + 20_000);
        assertTrue(detector.phi(last + 20_200) < PHI);
    }

    @Test
    void lessThanOneInAHundredIsSuspectedWronglyAtFivePercentLoss() {
        Random random = new Random(5);
        int suspicions = 0;
        int asked = 0;
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(100) >= 5) {
                detector.heartbeat(200L * i + random.nextInt(20));
            }
            if (i > 100) {
                asked++;
                suspicions += detector.phi(200L * i + 199) >= PHI ? 1 : 0;
            }
        }
        assertTrue(suspicions * 100 < asked, suspicions + " of " + asked);
    }

    @Test
    void silenceHasStates() {
        assertEquals(PeerState.UP, PeerState.of(9_999));
        assertEquals(PeerState.SUSPECT, PeerState.of(10_000));
        assertEquals(PeerState.DOWN, PeerState.of(30_000));
    }
}
