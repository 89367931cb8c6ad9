package io.karst.appliance.command;

import io.karst.appliance.watch.SlabClass;
import io.karst.protocol.Command;
import io.karst.protocol.MetaFlags;
import io.karst.protocol.Progress;
import io.karst.protocol.ProtocolLimits;
import io.karst.protocol.Reply;
import io.karst.protocol.ReplyWriter;
import io.karst.store.Exptime;
import io.karst.store.ItemAttributes;
import io.karst.store.StoreResult;
import io.karst.store.StoreSession;

/**
 * Executes the meta commands; part of one loop's {@link CommandExecutor}, whose session and counters it shares. Hot path: no
 * allocation. Source: memcached's protocol.txt, "Meta Commands"; PROTOCOL §1 "Meta".
 *
 * <p>Everything but a plain {@code mg} decides by what it finds and so works under the key's write lock.
 */
final class MetaExecutor {
    private static final int FRACTIONS = ItemAttributes.FRACTIONS_PER_SECOND;
    private static final int VALUE_SLACK = 16;

    /** Flags with which {@code mg} may have to change the item, or must not count as a reader of it. */
    private static final long CHANGING_GET =
            MetaFlags.bit('N') | MetaFlags.bit('R') | MetaFlags.bit('T') | MetaFlags.bit('E') | MetaFlags.bit('u');

    static {
        assert FRACTIONS == MetaFlags.FRACTIONS_PER_SECOND;
    }

    private final Ledger ledger;
    private final StoreSession session;
    private final CommandCounters counters;
    private final ItemAttributes attributes = new ItemAttributes();

    MetaExecutor(Ledger ledger) {
        this.ledger = ledger;
        this.session = ledger.session;
        this.counters = ledger.counters;
    }

    // ---- mg ----

    Progress get(Command command, ReplyWriter replies) {
        while (true) {
            int needed = tryGet(command, replies);
            if (needed == 0) {
                return Progress.DONE;
            }
            if (!replies.makeRoom(needed)) {
                return Progress.MORE;
            }
        }
    }

    /** Answers and returns 0, or returns the room it needs with nothing done. */
    private int tryGet(Command command, ReplyWriter replies) {
        long key = command.keyAddress();
        int keyLength = command.keyLength();
        MetaFlags flags = command.meta();
        if (!flags.hasAny(CHANGING_GET)) {
            if (!session.acquire(key, keyLength)) {
                return answerMiss(command, replies);
            }
            try {
                boolean mayWin = session.isStale() && !session.isWon();
                int needed = mayWin ? 0 : answerFound(command, replies);
                if (!mayWin && needed == 0) {
                    return 0;
                }
                // It is looked up once more, which must not meet the trace of this time: h and l would tell of it.
                session.forgetAccess();
                if (!mayWin) {
                    return needed;
                }
            } finally {
                session.release();
            }
        }
        boolean found = session.lock(key, keyLength);
        try {
            return getLocked(command, replies, found);
        } finally {
            session.release();
        }
    }

    private int answerFound(Command command, ReplyWriter replies) {
        int needed = room(command);
        if (!replies.hasRoom(needed)) {
            return needed;
        }
        long expiry = session.expiry();
        writeFound(
                command, replies, expiry, session.wasFetched(), session.idleSeconds(), session.isWon(), false, false);
        countGet(command, true);
        return 0;
    }

    private int room(Command command) {
        return ReplyWriter.META_LINE_BOUND + (command.meta().has('v') ? session.valueLength() + VALUE_SLACK : 0);
    }

    private int getLocked(Command command, ReplyWriter replies, boolean isThere) {
        MetaFlags flags = command.meta();
        boolean isCreated = !isThere && flags.has('N');
        if (!isThere && !isCreated) {
            return answerMiss(command, replies);
        }
        int needed = isThere ? room(command) : ReplyWriter.META_LINE_BOUND + VALUE_SLACK;
        if (!replies.hasRoom(needed)) {
            return needed;
        }
        long before = isThere ? session.expiry() : 0;
        boolean wasFetched = isThere && session.wasFetched();
        int idleSeconds = isThere ? session.idleSeconds() : 0;
        boolean wasWon = isThere && session.isWon();
        long expiry = before;
        boolean wins = isCreated || (session.isStale() && !wasWon);
        for (int i = 0; i < flags.count(); i++) {
            expiry = expiryAfter(flags, flags.letter(i), isCreated, expiry);
            wins |= flags.letter(i) == 'R' && isThere && !wasWon && expiry != 0 && expiry < recacheTime(flags);
        }
        if (isCreated) {
            attributes.clear().expiry(expiry).won(true).keyEncoded(flags.has('b'));
            chooseCas(flags);
            if (session.lockedStore(attributes, false, command.keyAddress(), 0) != StoreResult.STORED) {
                counters.increment(CommandCounter.STORE_NO_MEMORY);
                return answerMiss(command, replies);
            }
        } else {
            if (expiry != before && !session.lockedExpiry(expiry)) {
                counters.increment(CommandCounter.STORE_NO_MEMORY);
                replies.line(Reply.OUT_OF_MEMORY);
                return 0;
            }
            if (wins) {
                session.lockedMark(session.isStale(), true);
            }
        }
        writeFound(command, replies, before, wasFetched, idleSeconds, wasWon, wins, isCreated);
        if (!flags.has('u')) {
            session.lockedHit();
        }
        countGet(command, true);
        return 0;
    }

    private long recacheTime(MetaFlags flags) {
        return expiry(flags.recacheTime());
    }

    private void writeFound(
            Command command,
            ReplyWriter replies,
            long expiryBefore,
            boolean wasFetched,
            int idleSeconds,
            boolean wasWon,
            boolean wins,
            boolean isCreated) {
        MetaFlags flags = command.meta();
        // 1.6.45: whoever has this very version already (C) gets no value.
        boolean withValue = flags.has('v') && !(flags.has('C') && ledger.cas() == flags.cas());
        if (withValue) {
            replies.metaValueCode(session.valueLength());
        } else {
            replies.metaCode('H', 'D');
        }
        long expiry = expiryBefore;
        for (int i = 0; i < flags.count(); i++) {
            char letter = flags.letter(i);
            switch (letter) {
                case 's' -> replies.metaFlag('s', session.valueLength());
                case 't' -> timeToLive(replies, expiry);
                case 'c' -> replies.metaFlag('c', ledger.cas());
                case 'f' -> replies.metaFlag('f', Integer.toUnsignedLong(session.flags()));
                case 'l' -> replies.metaFlag('l', idleSeconds);
                case 'h' -> replies.metaFlag('h', wasFetched ? 1 : 0);
                case 'k' -> replies.metaKey(command.keyAddress(), command.keyLength(), session.isKeyEncoded());
                case 'O' -> replies.metaToken(flags.address(i), flags.length(i));
                case 'T', 'N' -> expiry = expiryAfter(flags, letter, isCreated, expiry);
                default -> {}
            }
        }
        if (wasWon) {
            replies.metaFlag('Z');
        }
        if (session.isStale()) {
            replies.metaFlag('X');
        }
        if (wins) {
            replies.metaFlag('W');
        }
        if (withValue) {
            replies.metaValue(session.valueAddress(), session.valueLength());
        } else {
            replies.metaEnd();
        }
    }

    private int answerMiss(Command command, ReplyWriter replies) {
        MetaFlags flags = command.meta();
        countGet(command, false);
        if (!flags.has('q')) {
            replies.metaCode('E', 'N');
            echo(command, replies);
            replies.metaEnd();
        }
        return 0;
    }

    private void countGet(Command command, boolean hit) {
        counters.increment(CommandCounter.CMD_META);
        // A touch to memcached only where T found something to set.
        boolean touches = hit && command.meta().has('T');
        ledger.lookedUp(command.keyAddress(), command.keyLength(), touches, hit);
    }

    // ---- ms ----

    void set(Command command, ReplyWriter replies) {
        MetaFlags flags = command.meta();
        counters.increment(CommandCounter.CMD_META);
        boolean isThere = session.lock(command.keyAddress(), command.keyLength());
        StoreResult result;
        long cas = 0;
        int size = command.valueLength();
        try {
            result = switch (flags.mode()) {
                case 'E' -> add(command, isThere);
                case 'A', 'P' -> extend(command, isThere);
                default -> flags.has('C') ? compareAndStore(command, isThere) : storeAny(command, isThere);
            };
            if (result == StoreResult.STORED) {
                cas = ledger.cas();
                size = session.valueLength();
            }
            int expiresAt = (int) (expiry(flags) / FRACTIONS);
            ledger.stored(
                    modeName(flags),
                    command.keyAddress(),
                    command.keyLength(),
                    result,
                    expiresAt,
                    command.valueLength());
        } finally {
            session.release();
        }
        if (result == StoreResult.TOO_LARGE || result == StoreResult.NO_MEMORY) {
            boolean isTooLarge = result == StoreResult.TOO_LARGE;
            counters.increment(isTooLarge ? CommandCounter.STORE_TOO_LARGE : CommandCounter.STORE_NO_MEMORY);
            replies.line(isTooLarge ? Reply.OBJECT_TOO_LARGE : Reply.OUT_OF_MEMORY_STORING);
            return;
        }
        if (result == StoreResult.STORED && flags.has('q')) {
            return;
        }
        code(replies, result);
        for (int i = 0; i < flags.count(); i++) {
            switch (flags.letter(i)) {
                case 'O' -> replies.metaToken(flags.address(i), flags.length(i));
                case 'k' -> replies.metaKey(command.keyAddress(), command.keyLength(), flags.has('b'));
                case 'c' -> replies.metaFlag('c', cas);
                case 's' -> replies.metaFlag('s', size);
                default -> {}
            }
        }
        replies.metaEnd();
    }

    /** Mode R wants an old item, S does not care. */
    private StoreResult storeAny(Command command, boolean isThere) {
        return command.meta().mode() == 'R' && !isThere
                ? StoreResult.NOT_STORED
                : store(command, expiry(command.meta()), false, false);
    }

    private StoreResult add(Command command, boolean isThere) {
        if (isThere) {
            session.lockedUse();
            return StoreResult.NOT_STORED;
        }
        return store(command, expiry(command.meta()), false, false);
    }

    private static String modeName(MetaFlags flags) {
        return switch (flags.mode()) {
            case 'E' -> "add";
            case 'A' -> "append";
            case 'P' -> "prepend";
            case 'R' -> flags.has('C') ? "cas" : "replace";
            default -> flags.has('C') ? "cas" : "set";
        };
    }

    private static void code(ReplyWriter replies, StoreResult result) {
        switch (result) {
            case STORED -> replies.metaCode('H', 'D');
            case EXISTS -> replies.metaCode('E', 'X');
            case NOT_FOUND -> replies.metaCode('N', 'F');
            default -> replies.metaCode('N', 'S');
        }
    }

    private StoreResult store(Command command, long expiry, boolean isStale, boolean isWon) {
        MetaFlags flags = command.meta();
        attributes
                .clear()
                .flags(command.flags())
                .expiry(expiry)
                .stale(isStale)
                .won(isWon)
                .keyEncoded(flags.has('b'));
        chooseCas(flags);
        return session.lockedStore(attributes, true, command.valueAddress(), command.valueLength());
    }

    private StoreResult compareAndStore(Command command, boolean isThere) {
        MetaFlags flags = command.meta();
        if (!isThere) {
            counters.increment(CommandCounter.CAS_MISSES);
            return StoreResult.NOT_FOUND;
        }
        int order = Long.compareUnsigned(flags.cas(), ledger.cas());
        if (order == 0) {
            counters.increment(session.band(), CommandCounter.CAS_HITS);
            return store(command, expiry(flags), false, false);
        }
        if (order < 0 && flags.has('I')) {
            // Older data than what is here, better than nothing: readers are told that it is stale.
            counters.increment(session.band(), CommandCounter.CAS_HITS);
            return store(command, session.expiry(), true, session.isWon());
        }
        counters.increment(session.band(), CommandCounter.CAS_BADVAL);
        return StoreResult.EXISTS;
    }

    private StoreResult extend(Command command, boolean isThere) {
        MetaFlags flags = command.meta();
        if (!isThere) {
            return flags.has('N')
                    ? store(command, expiry(flags.vivifyExptime()), false, false)
                    : StoreResult.NOT_STORED;
        }
        if (flags.has('C') && flags.cas() != ledger.cas()) {
            return StoreResult.EXISTS;
        }
        StoreResult result = session.lockedExtend(
                flags.mode() == 'A',
                flags.has('E'),
                flags.explicitCas(),
                command.valueAddress(),
                command.valueLength());
        return result == StoreResult.STORED ? result : StoreResult.NOT_STORED;
    }

    // ---- md ----

    void delete(Command command, ReplyWriter replies) {
        MetaFlags flags = command.meta();
        counters.increment(CommandCounter.CMD_META);
        boolean isThere = session.lock(command.keyAddress(), command.keyLength());
        StoreResult result;
        try {
            result = isThere ? deleteFound(command) : StoreResult.NOT_FOUND;
            if (!isThere) {
                session.lockedRemoveNothing();
            }
            if (result != StoreResult.STORED) {
                counters.increment(CommandCounter.DELETE_MISSES);
            }
        } finally {
            session.release();
        }
        ledger.deleteEnded(command.keyAddress(), command.keyLength());
        if (result == StoreResult.NO_MEMORY) {
            counters.increment(CommandCounter.STORE_NO_MEMORY);
            replies.line(Reply.OUT_OF_MEMORY);
        } else if (result != StoreResult.STORED || !flags.has('q')) {
            code(replies, result);
            echo(command, replies);
            replies.metaEnd();
        }
    }

    private StoreResult deleteFound(Command command) {
        MetaFlags flags = command.meta();
        if (flags.has('C') && flags.cas() != ledger.cas()) {
            return StoreResult.EXISTS;
        }
        boolean turnsStale = flags.has('I');
        if (flags.has('x')) {
            boolean isKeyEncoded = session.isKeyEncoded();
            long oldCas = ledger.cas();
            attributes
                    .clear()
                    .flags(command.flags())
                    .expiry(expiry(flags))
                    .stale(turnsStale)
                    .keyEncoded(isKeyEncoded);
            if (flags.has('E') || !turnsStale) {
                attributes.explicitCas(flags.has('E') ? flags.explicitCas() : oldCas);
            }
            counters.increment(session.band(), CommandCounter.DELETE_HITS);
            return session.lockedStore(attributes, true, session.valueAddress(), 0);
        }
        if (turnsStale) {
            if (flags.has('T') && !session.lockedExpiry(expiry(flags))) {
                return StoreResult.NO_MEMORY;
            }
            session.lockedMark(true, false);
            return session.lockedRenew(flags.has('E'), flags.explicitCas())
                    ? StoreResult.STORED
                    : StoreResult.NO_MEMORY;
        }
        ledger.removing("md", command.keyAddress(), command.keyLength());
        session.lockedRemove();
        return StoreResult.STORED;
    }

    // ---- ma ----

    void arithmetic(Command command, ReplyWriter replies) {
        MetaFlags flags = command.meta();
        counters.increment(CommandCounter.CMD_META);
        boolean increment = flags.mode() != 'D' && flags.mode() != '-';
        ledger.used(command.keyAddress(), command.keyLength(), 0);
        boolean isThere = session.lock(command.keyAddress(), command.keyLength());
        try {
            if (isThere) {
                addDelta(command, replies, increment);
            } else if (flags.has('N')) {
                createNumber(command, replies);
            } else {
                counters.increment(increment ? CommandCounter.INCR_MISSES : CommandCounter.DECR_MISSES);
                code(replies, StoreResult.NOT_FOUND);
                echo(command, replies);
                replies.metaEnd();
            }
        } finally {
            session.release();
        }
    }

    private void addDelta(Command command, ReplyWriter replies, boolean increment) {
        MetaFlags flags = command.meta();
        // An empty value is no number, whatever the token: memcached looks at that first.
        if (session.valueLength() > 0 && flags.has('C') && flags.cas() != ledger.cas()) {
            code(replies, StoreResult.EXISTS);
            echo(command, replies);
            replies.metaEnd();
            return;
        }
        long before = session.expiry();
        StoreResult result = session.lockedAddDelta(increment, flags.delta(), flags.has('E'), flags.explicitCas());
        if (result == StoreResult.STORED) {
            counters.increment(session.band(), increment ? CommandCounter.INCR_HITS : CommandCounter.DECR_HITS);
            writeNumber(command, replies, session.number(), before, false);
        } else if (result == StoreResult.NON_NUMERIC) {
            replies.line(Reply.NON_NUMERIC);
        } else {
            counters.increment(CommandCounter.STORE_NO_MEMORY);
            replies.line(Reply.OUT_OF_MEMORY);
        }
    }

    private void createNumber(Command command, ReplyWriter replies) {
        MetaFlags flags = command.meta();
        attributes.clear().expiry(expiry(flags.vivifyExptime())).keyEncoded(flags.has('b'));
        chooseCas(flags);
        if (session.lockedStoreNumber(attributes, flags.initial()) == StoreResult.STORED) {
            writeNumber(command, replies, flags.initial(), 0, true);
        } else {
            counters.increment(CommandCounter.STORE_NO_MEMORY);
            replies.line(Reply.META_OUT_OF_MEMORY);
        }
    }

    private void writeNumber(Command command, ReplyWriter replies, long number, long expiryBefore, boolean isCreated) {
        MetaFlags flags = command.meta();
        boolean withValue = flags.has('v');
        long cas = ledger.cas();
        long afterwards = expiryBefore;
        for (int i = 0; i < flags.count(); i++) {
            afterwards = expiryAfter(flags, flags.letter(i), isCreated, afterwards);
        }
        if (afterwards != session.expiry() && !session.lockedExpiry(afterwards)) {
            counters.increment(CommandCounter.STORE_NO_MEMORY);
            replies.line(Reply.OUT_OF_MEMORY);
            return;
        }
        // memcached shows that a counter was created, whatever q says.
        if (flags.has('q') && !isCreated) {
            return;
        }
        if (withValue) {
            replies.metaValueCode(ReplyWriter.digits(number));
        } else {
            replies.metaCode('H', 'D');
        }
        long expiry = expiryBefore;
        for (int i = 0; i < flags.count(); i++) {
            switch (flags.letter(i)) {
                case 'c' -> replies.metaFlag('c', cas);
                case 't' -> timeToLive(replies, expiry);
                case 'T', 'N' -> expiry = expiryAfter(flags, flags.letter(i), isCreated, expiry);
                case 'k' -> replies.metaKey(command.keyAddress(), command.keyLength(), flags.has('b'));
                case 'O' -> replies.metaToken(flags.address(i), flags.length(i));
                default -> {}
            }
        }
        if (withValue) {
            replies.metaNumber(number);
        } else {
            replies.metaEnd();
        }
    }

    /** An item's expiry once a flag is processed: T sets it, N does if the item is new, in the client's order. */
    private long expiryAfter(MetaFlags flags, char letter, boolean isCreated, long before) {
        if (letter == 'T') {
            return expiry(flags);
        }
        return letter == 'N' && isCreated ? expiry(flags.vivifyExptime()) : before;
    }

    // ---- me ----

    void debug(Command command, ReplyWriter replies) {
        counters.increment(CommandCounter.CMD_META);
        if (!session.lock(command.keyAddress(), command.keyLength())) {
            session.release();
            replies.line(Reply.EN);
            return;
        }
        try {
            long seconds = session.expiry() / FRACTIONS;
            long size = ProtocolLimits.itemLength(command.keyLength(), session.flags(), session.valueLength());
            replies.metaDebugHead(command.keyAddress(), command.keyLength(), session.isKeyEncoded());
            replies.text("exp=");
            replies.text(seconds == 0 ? "-1" : Long.toString(seconds - Integer.toUnsignedLong(session.nowSeconds())));
            replies.text(" la=" + session.idleSeconds());
            replies.text(" cas=" + Long.toUnsignedString(ledger.cas()));
            replies.text(session.wasFetched() ? " fetch=yes" : " fetch=no");
            replies.textLine(" cls=" + SlabClass.of(session.band()) + " size=" + size);
        } finally {
            session.release();
        }
    }

    // ---- what they share ----

    private void echo(Command command, ReplyWriter replies) {
        MetaFlags flags = command.meta();
        for (int i = 0; i < flags.count(); i++) {
            switch (flags.letter(i)) {
                case 'O' -> replies.metaToken(flags.address(i), flags.length(i));
                case 'k' -> replies.metaKey(command.keyAddress(), command.keyLength(), flags.has('b'));
                default -> {}
            }
        }
    }

    private void timeToLive(ReplyWriter replies, long expiry) {
        if (expiry == 0) {
            replies.metaFlagNever('t');
        } else {
            // A moment that is over already counts as memcached counts it, in 32 bits.
            replies.metaFlag('t', expiry / FRACTIONS - Integer.toUnsignedLong(session.nowSeconds()) & 0xffffffffL);
        }
    }

    private void chooseCas(MetaFlags flags) {
        if (flags.has('E')) {
            attributes.explicitCas(flags.explicitCas());
        }
    }

    private long expiry(MetaFlags flags) {
        return flags.has('T') ? expiry(flags.exptime()) : 0;
    }

    /** Unix time in 1/256 s of what a client wrote, which is in 1/256 s too and counts as an exptime. */
    private long expiry(long written) {
        int exptime = (int) (written / FRACTIONS);
        int fraction = (int) (written % FRACTIONS);
        if (fraction != 0 && exptime <= Exptime.RELATIVE_MAX) {
            return session.nowFractions() + written;
        }
        return Integer.toUnsignedLong(ledger.expiresAt(exptime)) * FRACTIONS + fraction;
    }
}
