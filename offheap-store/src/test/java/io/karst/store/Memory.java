package io.karst.store;

import org.agrona.UnsafeApi;

/** Raw memory that tests keep keys and values in. */
final class Memory implements AutoCloseable {
    private static final long ARRAY_BASE = UnsafeApi.arrayBaseOffset(byte[].class);

    private final long address;
    private final int capacity;

    Memory(int capacity) {
        this.address = UnsafeApi.allocateMemory(capacity);
        this.capacity = capacity;
    }

    long address() {
        return address;
    }

    /** Copies bytes to an offset and returns their address. */
    long put(int offset, byte[] bytes) {
        if (offset + bytes.length > capacity) {
            throw new IndexOutOfBoundsException(offset + bytes.length);
        }
        UnsafeApi.copyMemory(bytes, ARRAY_BASE, null, address + offset, bytes.length);
        return address + offset;
    }

    static byte[] get(long address, int length) {
        byte[] bytes = new byte[length];
        UnsafeApi.copyMemory(null, address, bytes, ARRAY_BASE, length);
        return bytes;
    }

    @Override
    public void close() {
        UnsafeApi.freeMemory(address);
    }
}
