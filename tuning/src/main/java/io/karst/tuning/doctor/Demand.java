package io.karst.tuning.doctor;

/**
 * What the server is going to ask of its machine.
 *
 * @param itemBytes {@code -m}
 * @param otherBytes Java heap and network buffers at their most
 * @param connections {@code -c}
 * @param backlog {@code -b}
 * @param threads {@code -t}
 * @param port TCP port
 * @param locksMemory {@code -k}
 */
public record Demand(
        long itemBytes, long otherBytes, int connections, int backlog, int threads, int port, boolean locksMemory) {
    /** Bytes altogether. */
    public long totalBytes() {
        return itemBytes + otherBytes;
    }
}
