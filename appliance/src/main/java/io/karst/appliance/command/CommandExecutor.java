package io.karst.appliance.command;

import io.karst.appliance.WallClock;
import io.karst.appliance.config.Settings;
import io.karst.appliance.hotkeys.HotKeysReport;
import io.karst.appliance.slow.KeyHash;
import io.karst.appliance.slow.SlowReport;
import io.karst.appliance.watch.LogHub;
import io.karst.appliance.watch.LogStream;
import io.karst.appliance.watch.LoopLog;
import io.karst.protocol.BinaryCommand;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.CloseReason;
import io.karst.protocol.Command;
import io.karst.protocol.CommandHandler;
import io.karst.protocol.Opcode;
import io.karst.protocol.Progress;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyWriter;
import io.karst.store.ItemStore;
import io.karst.store.StoreMode;
import io.karst.store.StoreResult;
import io.karst.store.StoreSession;
import org.jspecify.annotations.Nullable;

/**
 * Executes commands on the store; one per event loop, used on that loop only. Hot path: no allocation for anything but
 * admin commands.
 *
 * <p>A value is copied into the reply while its segment's lock is held, and only if the reply already has room for it;
 * otherwise the lock is given back first, because making room may write to the network.
 */
public final class CommandExecutor implements CommandHandler {
    /** Keys from which looking ahead pays. */
    private static final int LOOK_AHEAD_MIN = 4;

    static {
        assert Command.MAX_KEYS <= StoreSession.BATCH_MAX;
    }

    /**
     * What all loops share.
     *
     * @param keyHash how the log of slow requests shows keys; null when there is no such log
     */
    public record Shared(
            ItemStore store,
            WallClock clock,
            FlushSchedule flushes,
            PrefixStats prefixes,
            AdminCommands admin,
            LogHub logs,
            boolean flushEnabled,
            boolean casEnabled,
            Settings.Measuring measuring,
            @Nullable KeyHash keyHash) {}

    private final Shared shared;
    private final StoreSession session;
    private final WallClock.Reader clock;
    private final Ledger ledger;
    private final CommandCounters counters;
    private final LoopLog log;
    private final MetaExecutor meta;
    private final BinaryExecutor binary;
    private final SweepPace sweepPace;
    private final BurstTimer timer = new BurstTimer();
    private @Nullable LevelExecutor levels;
    private long nowMicros;

    /**
     * An executor with a session of its own.
     *
     * @param loop this executor's number, from 0
     * @param loops how many there are: each sweeps its share of the store
     */
    public CommandExecutor(Shared shared, int loop, int loops) {
        this.shared = shared;
        this.session = shared.store.openSession();
        this.clock = shared.clock.new Reader();
        long now = System.nanoTime();
        this.ledger = new Ledger(shared, session, now);
        this.counters = ledger.counters;
        this.log = ledger.log;
        this.meta = new MetaExecutor(ledger);
        this.binary = new BinaryExecutor(ledger);
        advanceTo(now);
        this.sweepPace = new SweepPace(session.expirySweep(loop, loops), now);
    }

    /** Has requests above level one wait for peers; before the first request. */
    public void levels(LevelExecutor executor) {
        levels = executor;
    }

    /** The time of this burst, microseconds since the Unix epoch. */
    long nowMicros() {
        return nowMicros;
    }

    /** What this loop counted; any thread may read. */
    public CommandCounters counters() {
        return counters;
    }

    /** This loop's way to the store; loop thread only. */
    public StoreSession session() {
        return session;
    }

    /** This loop's side of {@code watch}; loop thread only. */
    public LoopLog log() {
        return log;
    }

    /** How long this loop's bursts take; loop thread only. */
    public BurstTimer timer() {
        return timer;
    }

    /** Adds what this loop knows of hot keys; loop thread only. */
    public void addHotKeys(HotKeysReport report) {
        ledger.hotKeys.addTo(report, System.nanoTime());
    }

    /** Adds what was slow on this loop; loop thread only. */
    public void addSlowBursts(SlowReport report) {
        if (ledger.slow != null) {
            ledger.slow.addTo(report);
        }
    }

    /** Forgets which keys were hot and what was slow; loop thread only. */
    public void forgetUses() {
        ledger.hotKeys.clear(System.nanoTime());
        if (ledger.slow != null) {
            ledger.slow.clear();
        }
    }

    /** The time of this burst, Unix seconds. */
    public long nowSeconds() {
        return Integer.toUnsignedLong(session.nowSeconds());
    }

    @Override
    public void onBurst(long nowNs) {
        timer.begin(nowNs);
        advanceTo(nowNs);
        ledger.begin(nowNs, nowMicros);
    }

    @Override
    public void afterBurst() {
        timer.end();
        ledger.end();
    }

    /** Tells everybody here what time it is. */
    public void advanceTo(long nowNs) {
        nowMicros = clock.microsAt(nowNs);
        log.advanceTo(nowMicros);
        session.advanceTo(nowMicros);
        if (shared.flushes.takeDue(session.nowSeconds())) {
            session.flushAll();
        }
    }

    @Override
    public long maintain(long nowNs) {
        advanceTo(nowNs);
        return sweepPace.slice(nowNs);
    }

    @Override
    public void opened(ClientConnection connection) {
        if (log.watches(LogStream.CONNEVENTS)) {
            advanceTo(connection.loop().nowNs());
            log.opened(connection);
        }
    }

    @Override
    public void closed(ClientConnection connection, CloseReason reason) {
        if (log.watches(LogStream.CONNEVENTS)) {
            advanceTo(connection.loop().nowNs());
            log.closed(connection, reason);
        }
    }

    @Override
    public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
        LevelExecutor above = levels;
        return above == null
                ? executeHere(command, replies, connection)
                : above.execute(command, replies, connection, this);
    }

    Progress executeHere(Command command, ReplyWriter replies, ClientConnection connection) {
        if (log.isOn()) {
            log.serving(connection);
        }
        ledger.serving(command.opcode().wireName());
        if (!command.opcode().isRetrieval()) {
            served(command.opcode());
        }
        switch (command.opcode()) {
            case GET, GETS -> {
                return retrieve(command, replies, false);
            }
            case GAT, GATS -> {
                return retrieve(command, replies, true);
            }
            case SET -> store(command, replies, StoreMode.SET);
            case ADD -> store(command, replies, StoreMode.ADD);
            case REPLACE -> store(command, replies, StoreMode.REPLACE);
            case APPEND -> store(command, replies, StoreMode.APPEND);
            case PREPEND -> store(command, replies, StoreMode.PREPEND);
            case CAS -> cas(command, replies);
            case DELETE -> delete(command, replies);
            case INCR -> addDelta(command, replies, true);
            case DECR -> addDelta(command, replies, false);
            case TOUCH -> touch(command, replies);
            case META_GET -> {
                return meta.get(command, replies);
            }
            case META_SET -> meta.set(command, replies);
            case META_DELETE -> meta.delete(command, replies);
            case META_ARITHMETIC -> meta.arithmetic(command, replies);
            case META_DEBUG -> meta.debug(command, replies);
            case FLUSH_ALL -> flushAll(command, replies);
            default -> {
                return shared.admin.execute(command, replies, connection, this);
            }
        }
        return Progress.DONE;
    }

    private void served(Opcode opcode) {
        timer.served(opcode);
        ledger.served();
    }

    // ---- retrieval ----

    private Progress retrieve(Command command, ReplyWriter replies, boolean touches) {
        boolean withCas = command.opcode().returnsCas();
        int expiresAt = touches ? expiresAt(command) : 0;
        boolean looksAhead = !touches && command.keyCount() >= LOOK_AHEAD_MIN;
        if (looksAhead) {
            lookAhead(command);
        }
        for (; command.hasKey(); command.nextKey()) {
            int batched = looksAhead ? command.cursor() : -1;
            if (!answerKey(command.keyAddress(), command.keyLength(), batched, replies, withCas, touches, expiresAt)) {
                return Progress.MORE;
            }
            if (command.endsReply()) {
                served(command.opcode());
                replies.line(Reply.END);
            }
        }
        return Progress.DONE;
    }

    private void lookAhead(Command command) {
        for (int i = command.cursor(); i < command.keyCount(); i++) {
            session.noteBatched(i, command.keyAddress(i), command.keyLength(i));
        }
        session.touchBatch(command.keyCount());
    }

    /**
     * Answers one key; false, with nothing written or counted, when the client has to read first.
     *
     * @param batched the key's number in the session's batch, or -1 when it is in none
     */
    private boolean answerKey(
            long key,
            int keyLength,
            int batched,
            ReplyWriter replies,
            boolean withCas,
            boolean touches,
            int expiresAt) {
        while (true) {
            boolean found;
            if (touches) {
                found = session.acquireForTouch(key, keyLength);
            } else if (batched >= 0) {
                found = session.acquireBatched(batched, key, keyLength);
            } else {
                found = session.acquire(key, keyLength);
            }
            if (!found) {
                ledger.lookedUp(key, keyLength, touches, false);
                return true;
            }
            int needed;
            try {
                needed = ReplyWriter.valueBound(keyLength, session.valueLength());
                if (replies.hasRoom(needed)) {
                    // Only now: an exptime in the past ends the item.
                    if (touches && !session.lockedTouch(expiresAt)) {
                        ledger.lookedUp(key, keyLength, true, false);
                        return true;
                    }
                    writeValue(key, keyLength, replies, withCas);
                    ledger.lookedUp(key, keyLength, touches, true);
                    return true;
                }
            } finally {
                session.release();
            }
            if (!replies.makeRoom(needed)) {
                return false;
            }
        }
    }

    private void writeValue(long key, int keyLength, ReplyWriter replies, boolean withCas) {
        if (withCas) {
            replies.valueWithCas(
                    key, keyLength, session.flags(), session.valueAddress(), session.valueLength(), ledger.cas());
        } else {
            replies.value(key, keyLength, session.flags(), session.valueAddress(), session.valueLength());
        }
    }

    // ---- change ----

    private void store(Command command, ReplyWriter replies, StoreMode mode) {
        StoreResult result = storeItem(command, mode);
        Reply reply = replyTo(result);
        // memcached says so of every append that did not come about, whatever the reason.
        boolean extended = mode == StoreMode.APPEND || mode == StoreMode.PREPEND;
        replies.line(extended && result != StoreResult.STORED ? Reply.NOT_STORED : reply);
    }

    private void cas(Command command, ReplyWriter replies) {
        // Without tokens (-C) every item has memcached's token 0, and so has the one to be stored: they always match.
        StoreResult result = storeItem(command, shared.casEnabled ? StoreMode.CAS : StoreMode.REPLACE);
        if (result == StoreResult.NOT_STORED) {
            result = StoreResult.NOT_FOUND;
        }
        switch (result) {
            case STORED -> counters.increment(session.band(), CommandCounter.CAS_HITS);
            case EXISTS -> counters.increment(session.band(), CommandCounter.CAS_BADVAL);
            case NOT_FOUND -> counters.increment(CommandCounter.CAS_MISSES);
            default -> {}
        }
        replies.line(replyTo(result));
    }

    private StoreResult storeItem(Command command, StoreMode mode) {
        long key = command.keyAddress();
        int keyLength = command.keyLength();
        int expiresAt = expiresAt(command);
        StoreResult result = session.store(
                mode,
                key,
                keyLength,
                command.flags(),
                expiresAt,
                command.valueAddress(),
                command.valueLength(),
                command.casUnique());
        ledger.stored(command.opcode().wireName(), key, keyLength, result, expiresAt, command.valueLength());
        return result;
    }

    private Reply replyTo(StoreResult result) {
        return switch (result) {
            case STORED -> Reply.STORED;
            case NOT_STORED -> Reply.NOT_STORED;
            case EXISTS -> Reply.EXISTS;
            case NOT_FOUND -> Reply.NOT_FOUND;
            case NON_NUMERIC -> Reply.NON_NUMERIC;
            case TOO_LARGE -> {
                counters.increment(CommandCounter.STORE_TOO_LARGE);
                yield Reply.OBJECT_TOO_LARGE;
            }
            case NO_MEMORY -> {
                counters.increment(CommandCounter.STORE_NO_MEMORY);
                yield Reply.OUT_OF_MEMORY_STORING;
            }
        };
    }

    private void delete(Command command, ReplyWriter replies) {
        boolean found = session.delete(command.keyAddress(), command.keyLength()) == StoreResult.STORED;
        if (found) {
            ledger.removing("delete", command.keyAddress(), command.keyLength());
        } else {
            counters.increment(CommandCounter.DELETE_MISSES);
        }
        ledger.deleteEnded(command.keyAddress(), command.keyLength());
        replies.line(found ? Reply.DELETED : Reply.NOT_FOUND);
    }

    private void addDelta(Command command, ReplyWriter replies, boolean increment) {
        StoreResult result = session.addDelta(command.keyAddress(), command.keyLength(), increment, command.delta());
        ledger.used(command.keyAddress(), command.keyLength(), 0);
        ledger.watchLookup(command.keyAddress(), command.keyLength(), result != StoreResult.NOT_FOUND);
        switch (result) {
            case STORED -> {
                counters.increment(session.band(), increment ? CommandCounter.INCR_HITS : CommandCounter.DECR_HITS);
                replies.number(session.number());
            }
            case NOT_FOUND -> {
                counters.increment(increment ? CommandCounter.INCR_MISSES : CommandCounter.DECR_MISSES);
                replies.line(Reply.NOT_FOUND);
            }
            case NO_MEMORY -> {
                counters.increment(CommandCounter.STORE_NO_MEMORY);
                replies.line(Reply.OUT_OF_MEMORY);
            }
            default -> replies.line(replyTo(result));
        }
    }

    private void touch(Command command, ReplyWriter replies) {
        StoreResult result = session.touch(command.keyAddress(), command.keyLength(), expiresAt(command));
        ledger.used(command.keyAddress(), command.keyLength(), 0);
        ledger.watchLookup(command.keyAddress(), command.keyLength(), result != StoreResult.NOT_FOUND);
        counters.increment(CommandCounter.CMD_TOUCH);
        switch (result) {
            case STORED -> {
                counters.increment(session.band(), CommandCounter.TOUCH_HITS);
                replies.line(Reply.TOUCHED);
            }
            case NOT_FOUND -> {
                counters.increment(CommandCounter.TOUCH_MISSES);
                replies.line(Reply.NOT_FOUND);
            }
            default -> replies.line(replyTo(result));
        }
    }

    private void flushAll(Command command, ReplyWriter replies) {
        if (!shared.flushEnabled) {
            replies.line(Reply.FLUSH_NOT_ALLOWED);
            return;
        }
        int delay = command.hasExptime() ? command.exptime() : 0;
        flushAt(delay > 0 ? ledger.expiresAt(delay) : 0);
        replies.line(Reply.OK);
    }

    /** Drops everything now, or at a Unix second that is still to come. */
    void flushAt(int due) {
        counters.increment(CommandCounter.CMD_FLUSH);
        if (due != 0 && Integer.compareUnsigned(due, session.nowSeconds()) > 0) {
            shared.flushes.set(due);
        } else {
            shared.flushes.set(0);
            session.flushAll();
        }
    }

    @Override
    public Progress execute(BinaryCommand command, ReplyWriter replies, ClientConnection connection) {
        LevelExecutor above = levels;
        return above == null
                ? executeHere(command, replies, connection)
                : above.execute(command, replies, connection, this);
    }

    Progress executeHere(BinaryCommand command, ReplyWriter replies, ClientConnection connection) {
        timer.served(command.action());
        ledger.serving(command.actionName());
        ledger.served();
        if (log.isOn()) {
            log.serving(connection);
        }
        return binary.execute(command, replies, connection, this);
    }

    @Override
    public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {
        counters.increment(CommandCounter.STORE_TOO_LARGE);
        ledger.watchStore(commandName, key, keyLength, StoreResult.TOO_LARGE, 0, valueLength);
        dropOnSet(key, keyLength, isSet);
    }

    @Override
    public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {
        counters.increment(CommandCounter.STORE_NO_MEMORY);
        ledger.watchStore(commandName, key, keyLength, StoreResult.NO_MEMORY, 0, valueLength);
        dropOnSet(key, keyLength, isSet);
    }

    /** A set that fails must not leave the old value to be read in its place, as memcached has it. */
    private void dropOnSet(long key, int keyLength, boolean isSet) {
        if (isSet) {
            session.delete(key, keyLength);
        }
    }

    private int expiresAt(Command command) {
        return ledger.expiresAt(command.exptime());
    }
}
