package io.karst.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Reads the rest of a half-received command from the socket straight to where it is collected, and everything else into
 * the buffers of another allocator. Loop thread only; no allocation.
 */
final class StagingReceiver implements RecvByteBufAllocator {
    /*
     * A value of 1 MB is copied once less, and takes as many system calls as the kernel makes portions of it instead of 64.
     * For channels whose first handler is the connection itself, and that read when told that there is something to read:
     * under TLS the bytes are not the command's, and io_uring takes a buffer before anybody knows what will come.
     */
    private final MemcacheConnection connection;
    private final RecvByteBufAllocator others;

    StagingReceiver(MemcacheConnection connection, RecvByteBufAllocator others) {
        this.connection = connection;
        this.others = others;
    }

    @Override
    @SuppressWarnings(
            "deprecation") // Its channels want an ExtendedHandle; only the interface's own name is deprecated.
    public Handle newHandle() {
        return new Receiving((ExtendedHandle) others.newHandle());
    }

    private final class Receiving extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle delegate;

        Receiving(ExtendedHandle delegate) {
            super(delegate);
            this.delegate = delegate;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf unfilled = connection.unfilledStaging();
            return unfilled != null ? unfilled : delegate.allocate(allocator);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
            return delegate.continueReading(maybeMoreData);
        }
    }
}
