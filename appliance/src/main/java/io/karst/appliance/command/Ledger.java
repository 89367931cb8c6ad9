package io.karst.appliance.command;

import io.karst.appliance.hotkeys.HotKeys;
import io.karst.appliance.slow.SlowBursts;
import io.karst.appliance.watch.LogStream;
import io.karst.appliance.watch.LoopLog;
import io.karst.store.Exptime;
import io.karst.store.SizeBand;
import io.karst.store.StoreResult;
import io.karst.store.StoreSession;
import org.jspecify.annotations.Nullable;

/**
 * What the executors of one loop's dialects have in common: the store's session, and the books in which a command is entered,
 * that is counters, prefix statistics and {@code watch}. Loop thread only. Hot path: no allocation while nobody watches.
 */
final class Ledger {
    final CommandExecutor.Shared shared;
    final StoreSession session;
    final CommandCounters counters = new CommandCounters();
    final LoopLog log;
    final HotKeys hotKeys;

    /** Null when nobody wants to know what is slow. */
    final @Nullable SlowBursts slow;

    /** Books for a session. */
    Ledger(CommandExecutor.Shared shared, StoreSession session, long nowNs) {
        this.shared = shared;
        this.session = session;
        this.log = new LoopLog(shared.logs(), session);
        this.hotKeys = new HotKeys(shared.measuring().hotKeys(), nowNs);
        this.slow = shared.keyHash() == null
                ? null
                : new SlowBursts(shared.measuring().slowMicros(), shared.keyHash(), nowNs);
    }

    /** A burst begins. */
    void begin(long nowNs, long unixMicros) {
        hotKeys.advanceTo(nowNs);
        if (slow != null) {
            slow.begin(nowNs, unixMicros);
        }
    }

    /** The burst's answers are on their way. */
    void end() {
        if (slow != null) {
            slow.end(System.nanoTime());
        }
    }

    /** A command of the burst is taken. */
    void serving(String commandName) {
        if (slow != null) {
            slow.serving(commandName);
        }
    }

    /** A command of the burst is executed. */
    void served() {
        if (slow != null) {
            slow.served();
        }
    }

    /**
     * Enters that a command used a key.
     *
     * @param valueLength bytes that it stored or answered
     */
    void used(long key, int keyLength, int valueLength) {
        hotKeys.used(key, keyLength);
        if (slow != null) {
            slow.used(key, keyLength, valueLength);
        }
    }

    /** The CAS token of the item that the session points at; 0 for all with {@code -C}. */
    long cas() {
        return shared.casEnabled() ? session.cas() : 0;
    }

    /** Unix seconds, unsigned, of an exptime as a client writes it; 0 for never. */
    int expiresAt(int exptime) {
        return Exptime.resolve(exptime, session.nowSeconds(), shared.clock().startSeconds());
    }

    /**
     * Enters a lookup; after a hit the session still points at the item.
     *
     * @param touches whether it sets an exptime, which memcached counts as a touch and not as a get
     */
    void lookedUp(long key, int keyLength, boolean touches, boolean hit) {
        counters.increment(touches ? CommandCounter.CMD_TOUCH : CommandCounter.CMD_GET);
        if (hit) {
            counters.increment(session.band(), touches ? CommandCounter.TOUCH_HITS : CommandCounter.GET_HITS);
        } else {
            counters.increment(touches ? CommandCounter.TOUCH_MISSES : CommandCounter.GET_MISSES);
        }
        if (shared.prefixes().isEnabled()) {
            shared.prefixes().recordGet(key, keyLength, hit);
        }
        used(key, keyLength, hit ? session.valueLength() : 0);
        watchLookup(key, keyLength, hit);
    }

    /** Shows a lookup to those who watch; after a hit the session still points at the item. */
    void watchLookup(long key, int keyLength, boolean hit) {
        if (log.watches(LogStream.FETCHERS)) {
            log.lookup(key, keyLength, hit);
        }
    }

    /**
     * Enters a storage command that came to its end; if it stored, the session still points at the item.
     *
     * @param commandName as the text protocol has it, {@code set}
     * @param expiresAt Unix seconds, unsigned, 0 for never
     * @param givenLength bytes of the command's value
     */
    void stored(String commandName, long key, int keyLength, StoreResult result, int expiresAt, int givenLength) {
        boolean isStored = result == StoreResult.STORED;
        SizeBand band = isStored ? session.band() : SizeBand.SMALL;
        counters.increment(band, CommandCounter.CMD_SET);
        used(key, keyLength, givenLength);
        watchStore(commandName, key, keyLength, result, expiresAt, isStored ? session.valueLength() : givenLength);
        if (shared.prefixes().isEnabled()) {
            shared.prefixes().recordSet(key, keyLength);
        }
    }

    /** Shows a storage command to those who watch. */
    void watchStore(String commandName, long key, int keyLength, StoreResult result, int expiresAt, int valueLength) {
        if (log.watches(LogStream.MUTATIONS)) {
            long ttl = Integer.toUnsignedLong(expiresAt) - Integer.toUnsignedLong(session.nowSeconds());
            SizeBand band = result == StoreResult.STORED ? session.band() : SizeBand.SMALL;
            log.stored(key, keyLength, result, commandName, Math.max(0, ttl), band, valueLength);
        }
    }

    /** Enters that the item which the session points at is being removed. */
    void removing(String commandName, long key, int keyLength) {
        counters.increment(session.band(), CommandCounter.DELETE_HITS);
        if (log.watches(LogStream.DELETIONS)) {
            log.deleted(key, keyLength, commandName, session.band(), session.valueLength());
        }
    }

    /** Enters a delete command, whether it found something or not. */
    void deleteEnded(long key, int keyLength) {
        used(key, keyLength, 0);
        if (shared.prefixes().isEnabled()) {
            shared.prefixes().recordDelete(key, keyLength);
        }
    }
}
