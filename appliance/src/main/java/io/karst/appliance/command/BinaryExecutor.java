package io.karst.appliance.command;

import io.karst.protocol.BinaryCommand;
import io.karst.protocol.BinaryOpcode.Action;
import io.karst.protocol.BinaryStatus;
import io.karst.protocol.ClientConnection;
import io.karst.protocol.Progress;
import io.karst.protocol.ReplyWriter;
import io.karst.store.ItemAttributes;
import io.karst.store.StoreResult;
import io.karst.store.StoreSession;

/**
 * Executes the requests of the binary protocol; part of one loop's {@link CommandExecutor}, whose session and counters it
 * shares. Hot path: no allocation, {@code stat} and {@code version} excepted. Source: PROTOCOL §1 "Binary".
 *
 * <p>A quiet request hides its success, and a quiet get its miss; every other failure is answered.
 */
final class BinaryExecutor {
    /** In the place of an exptime: a counter that is not there is not created. */
    private static final int DO_NOT_CREATE = -1;

    private final Ledger ledger;
    private final StoreSession session;
    private final CommandCounters counters;
    private final ItemAttributes attributes = new ItemAttributes();

    BinaryExecutor(Ledger ledger) {
        this.ledger = ledger;
        this.session = ledger.session;
        this.counters = ledger.counters;
    }

    Progress execute(
            BinaryCommand command, ReplyWriter replies, ClientConnection connection, CommandExecutor executor) {
        switch (command.action()) {
            case GET, GET_WITH_KEY, GET_AND_TOUCH, GET_AND_TOUCH_WITH_KEY, TOUCH -> {
                return get(command, replies);
            }
            case SET, ADD, REPLACE, APPEND, PREPEND -> store(command, replies);
            case DELETE -> delete(command, replies);
            case INCREMENT -> arithmetic(command, replies, true);
            case DECREMENT -> arithmetic(command, replies, false);
            case FLUSH -> flush(command, replies, executor);
            case STAT -> {
                return ledger.shared.admin().binaryStat(command, replies, connection, executor);
            }
            case VERSION ->
                replies.binaryText(
                        command, BinaryStatus.SUCCESS, ledger.shared.admin().version());
            default -> replies.binaryError(command, BinaryStatus.UNKNOWN_COMMAND);
        }
        return Progress.DONE;
    }

    // ---- retrieval ----

    private Progress get(BinaryCommand command, ReplyWriter replies) {
        boolean touches = touches(command.action());
        while (true) {
            int needed = tryGet(command, replies, touches);
            if (needed == 0) {
                return Progress.DONE;
            }
            if (!replies.makeRoom(needed)) {
                return Progress.MORE;
            }
        }
    }

    private static boolean touches(Action action) {
        return action != Action.GET && action != Action.GET_WITH_KEY;
    }

    /** Answers and returns 0, or returns the room it needs. */
    private int tryGet(BinaryCommand command, ReplyWriter replies, boolean touches) {
        boolean found = touches
                ? session.acquireForTouch(command.keyAddress(), command.keyLength())
                : session.acquire(command.keyAddress(), command.keyLength());
        if (!found) {
            ledger.lookedUp(command.keyAddress(), command.keyLength(), touches, false);
            miss(command, replies);
            return 0;
        }
        try {
            int valueLength = command.action() == Action.TOUCH ? 0 : session.valueLength();
            int needed = ReplyWriter.BINARY_BOUND + valueLength;
            if (!replies.hasRoom(needed)) {
                return needed;
            }
            // Only now: an exptime in the past ends the item.
            if (touches && !session.lockedTouch(expiresAt(command.exptime()))) {
                counters.increment(CommandCounter.STORE_NO_MEMORY);
                replies.binaryError(command, BinaryStatus.OUT_OF_MEMORY);
                return 0;
            }
            replies.binaryItem(
                    command, answersKey(command), session.flags(), session.valueAddress(), valueLength, ledger.cas());
            ledger.lookedUp(command.keyAddress(), command.keyLength(), touches, true);
            return 0;
        } finally {
            session.release();
        }
    }

    private static boolean answersKey(BinaryCommand command) {
        return command.action() == Action.GET_WITH_KEY || command.action() == Action.GET_AND_TOUCH_WITH_KEY;
    }

    private static void miss(BinaryCommand command, ReplyWriter replies) {
        if (command.isQuiet()) {
            return;
        }
        if (answersKey(command)) {
            replies.binaryMissWithKey(command);
        } else {
            replies.binaryError(command, BinaryStatus.NOT_FOUND);
        }
    }

    // ---- change ----

    private void store(BinaryCommand command, ReplyWriter replies) {
        boolean isThere = session.lock(command.keyAddress(), command.keyLength());
        StoreResult result;
        long cas = 0;
        try {
            boolean extendsValue = command.action() == Action.APPEND || command.action() == Action.PREPEND;
            result = extendsValue ? extend(command, isThere) : storeWhole(command, isThere);
            cas = result == StoreResult.STORED ? ledger.cas() : 0;
            ledger.stored(
                    command.actionName(),
                    command.keyAddress(),
                    command.keyLength(),
                    result,
                    expiresAt(command.exptime()),
                    command.valueLength());
        } finally {
            session.release();
        }
        if (result != StoreResult.STORED) {
            replies.binaryError(command, statusOf(command.action(), result));
        } else if (!command.isQuiet()) {
            replies.binarySuccess(command, cas);
        }
    }

    private StoreResult storeWhole(BinaryCommand command, boolean isThere) {
        if (command.cas() != 0) {
            // A token makes a cas of any of the three.
            StoreResult comparison = compare(command, isThere);
            if (comparison != StoreResult.STORED) {
                return comparison;
            }
        } else if (command.action() == Action.ADD && isThere) {
            session.lockedUse();
            return StoreResult.NOT_STORED;
        } else if (command.action() == Action.REPLACE && !isThere) {
            return StoreResult.NOT_STORED;
        }
        attributes.clear().flags(command.flags()).expiresAt(expiresAt(command.exptime()));
        boolean dropsOld = command.action() == Action.SET;
        return session.lockedStore(attributes, dropsOld, command.valueAddress(), command.valueLength());
    }

    private StoreResult compare(BinaryCommand command, boolean isThere) {
        if (!isThere) {
            counters.increment(CommandCounter.CAS_MISSES);
            return StoreResult.NOT_FOUND;
        }
        // Without tokens (-C) every item has token 0, and so would the new one: they always match.
        boolean isEqual = !ledger.shared.casEnabled() || command.cas() == session.cas();
        counters.increment(session.band(), isEqual ? CommandCounter.CAS_HITS : CommandCounter.CAS_BADVAL);
        return isEqual ? StoreResult.STORED : StoreResult.EXISTS;
    }

    private StoreResult extend(BinaryCommand command, boolean isThere) {
        if (!isThere) {
            return StoreResult.NOT_STORED;
        }
        if (isCasWrong(command)) {
            return StoreResult.EXISTS;
        }
        StoreResult result = session.lockedExtend(
                command.action() == Action.APPEND, false, 0, command.valueAddress(), command.valueLength());
        return result == StoreResult.STORED ? result : StoreResult.NOT_STORED;
    }

    private BinaryStatus statusOf(Action action, StoreResult result) {
        return switch (result) {
            case EXISTS -> BinaryStatus.EXISTS;
            case NOT_FOUND -> BinaryStatus.NOT_FOUND;
            case TOO_LARGE -> {
                counters.increment(CommandCounter.STORE_TOO_LARGE);
                yield BinaryStatus.TOO_LARGE;
            }
            case NO_MEMORY -> {
                counters.increment(CommandCounter.STORE_NO_MEMORY);
                yield BinaryStatus.OUT_OF_MEMORY_STORING;
            }
            default ->
                switch (action) {
                    case ADD -> BinaryStatus.EXISTS;
                    case REPLACE -> BinaryStatus.NOT_FOUND;
                    default -> BinaryStatus.NOT_STORED;
                };
        };
    }

    private void delete(BinaryCommand command, ReplyWriter replies) {
        boolean isThere = session.lock(command.keyAddress(), command.keyLength());
        BinaryStatus status = BinaryStatus.SUCCESS;
        try {
            if (!isThere) {
                counters.increment(CommandCounter.DELETE_MISSES);
                session.lockedRemoveNothing();
                status = BinaryStatus.NOT_FOUND;
            } else if (isCasWrong(command)) {
                status = BinaryStatus.EXISTS;
            } else {
                ledger.removing("delete", command.keyAddress(), command.keyLength());
                session.lockedRemove();
            }
        } finally {
            session.release();
        }
        ledger.deleteEnded(command.keyAddress(), command.keyLength());
        if (status != BinaryStatus.SUCCESS) {
            replies.binaryError(command, status);
        } else if (!command.isQuiet()) {
            replies.binarySuccess(command, 0);
        }
    }

    private void arithmetic(BinaryCommand command, ReplyWriter replies, boolean increment) {
        ledger.used(command.keyAddress(), command.keyLength(), 0);
        boolean isThere = session.lock(command.keyAddress(), command.keyLength());
        try {
            if (isThere) {
                addDelta(command, replies, increment);
            } else if (command.exptime() == DO_NOT_CREATE) {
                counters.increment(increment ? CommandCounter.INCR_MISSES : CommandCounter.DECR_MISSES);
                replies.binaryError(command, BinaryStatus.NOT_FOUND);
            } else {
                attributes.clear().expiresAt(expiresAt(command.exptime()));
                StoreResult result = session.lockedStoreNumber(attributes, command.initial());
                if (result != StoreResult.STORED) {
                    counters.increment(CommandCounter.STORE_NO_MEMORY);
                    replies.binaryError(command, BinaryStatus.OUT_OF_MEMORY_CREATING);
                } else if (!command.isQuiet()) {
                    replies.binaryNumber(command, command.initial(), ledger.cas());
                }
            }
        } finally {
            session.release();
        }
    }

    private void addDelta(BinaryCommand command, ReplyWriter replies, boolean increment) {
        // An empty value is no number, whatever the token: memcached looks at that first.
        if (session.valueLength() > 0 && isCasWrong(command)) {
            replies.binaryError(command, BinaryStatus.EXISTS);
            return;
        }
        switch (session.lockedAddDelta(increment, command.delta(), false, 0)) {
            case STORED -> {
                counters.increment(session.band(), increment ? CommandCounter.INCR_HITS : CommandCounter.DECR_HITS);
                if (!command.isQuiet()) {
                    replies.binaryNumber(command, session.number(), ledger.cas());
                }
            }
            case NON_NUMERIC -> replies.binaryError(command, BinaryStatus.NON_NUMERIC);
            default -> {
                counters.increment(CommandCounter.STORE_NO_MEMORY);
                replies.binaryError(command, BinaryStatus.OUT_OF_MEMORY_ADDING);
            }
        }
    }

    private void flush(BinaryCommand command, ReplyWriter replies, CommandExecutor executor) {
        if (!ledger.shared.flushEnabled()) {
            replies.binaryError(command, BinaryStatus.AUTH_FAILURE);
            return;
        }
        executor.flushAt(command.hasExptime() ? expiresAt(command.exptime()) : 0);
        if (!command.isQuiet()) {
            replies.binarySuccess(command, 0);
        }
    }

    // ---- what they share ----

    private boolean isCasWrong(BinaryCommand command) {
        return command.cas() != 0 && ledger.shared.casEnabled() && command.cas() != session.cas();
    }

    /** The binary protocol has no negative exptimes: those numbers lie beyond 2038. */
    private int expiresAt(int exptime) {
        return exptime < 0 ? exptime : ledger.expiresAt(exptime);
    }
}
