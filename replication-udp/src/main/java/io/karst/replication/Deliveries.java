package io.karst.replication;

/** Learns what became of batches, for those who wait for it. */
interface Deliveries {
    /** A peer has applied everything up to a sequence that was not given up. */
    void applied(int peer, long sequence);

    /** A batch was given up: nobody knows whether the peer has it, until repair has seen to it. */
    void givenUp(int peer, long sequence);
}
