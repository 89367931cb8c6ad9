package io.karst.store;

/** Takes one block of off-heap memory at a time, for those who ask the kernel something about it. */
@FunctionalInterface
public interface MemoryRange {
    /**
     * Takes a block.
     *
     * @param address where it begins, not necessarily a page
     * @param length bytes
     */
    void accept(long address, long length);
}
