package io.karst.appliance.client;

import net.spy.memcached.CachedData;
import net.spy.memcached.transcoders.Transcoder;

/** Flags and bytes as they travel. */
final class IdentityTranscoder implements Transcoder<CachedData> {
    @Override
    public boolean asyncDecode(CachedData data) {
        return false;
    }

    @Override
    public CachedData encode(CachedData data) {
        return data;
    }

    @Override
    public CachedData decode(CachedData data) {
        return data;
    }

    @Override
    public int getMaxSize() {
        return CachedData.MAX_SIZE;
    }
}
