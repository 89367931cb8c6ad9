package io.karst.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AckTrackerTest {
    private final List<String> answers = new ArrayList<>();
    private final AckTracker acks = new AckTracker((token, isReached) -> answers.add(token + " " + isReached));

    private void begin(long token, int missing, long deadlineMs, long... sequencesByPeer) {
        acks.begin(token, missing, deadlineMs);
        for (int peer = 0; peer < sequencesByPeer.length; peer++) {
            acks.addBatch(peer, sequencesByPeer[peer]);
        }
        acks.admit();
    }

    @Test
    void levelsNeedSoManyOfThree() {
        assertEquals(1, Level.ONE.needed(3));
        assertEquals(2, Level.QUORUM.needed(3));
        assertEquals(2, Level.QUORUM.needed(2));
        assertEquals(3, Level.ALL.needed(3));
        assertEquals(1, Level.ANY.needed(3));
    }

    @Test
    void writeIsAnsweredByTheLastAckItNeeds() {
        begin(1, 2, 100, 7, 9);
        acks.applied(0, 6);
        acks.applied(1, 9);
        assertEquals(List.of(), answers);
        acks.applied(0, 8);
        assertEquals(List.of("1 true"), answers);
    }

    @Test
    void oneAckOfTwoIsEnoughForAQuorumOfThree() {
        begin(1, 1, 100, 7, 9);
        acks.applied(1, 20);
        acks.applied(0, 20);
        assertEquals(List.of("1 true"), answers);
        assertEquals(0, acks.waitingCount());
    }

    @Test
    void repeatedAcksOfOneNodeCountOnce() {
        begin(1, 2, 100, 7, 9);
        acks.applied(0, 7);
        acks.applied(0, 8);
        assertEquals(List.of(), answers);
    }

    @Test
    void batchThatWasGivenUpSatisfiesNobodyThoughItsAckComes() {
        begin(1, 1, 100, 7, 9);
        acks.givenUp(0, 7);
        acks.applied(0, 8);
        assertEquals(List.of(), answers);
        acks.applied(1, 9);
        assertEquals(List.of("1 true"), answers);
    }

    @Test
    void hopelessWriteIsAnsweredAtOnce() {
        begin(1, 1, 100, 7);
        acks.givenUp(0, 7);
        assertEquals(List.of("1 false"), answers);
        begin(2, 1, 100);
        assertEquals(List.of("1 false", "2 false"), answers);
    }

    @Test
    void deadlineAnswersWhatIsStillMissing() {
        begin(1, 1, 100, 7);
        begin(2, 1, 200, 8);
        acks.turn(99);
        assertEquals(List.of(), answers);
        acks.turn(100);
        assertEquals(List.of("1 false"), answers);
        assertEquals(1, acks.waitingCount());
    }

    @Test
    void nothingMissingIsAnsweredAtOnce() {
        begin(1, 0, 100, 7);
        assertEquals(List.of("1 true"), answers);
    }
}
