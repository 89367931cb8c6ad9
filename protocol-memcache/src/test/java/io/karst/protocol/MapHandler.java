package io.karst.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.agrona.UnsafeApi;
import org.jspecify.annotations.Nullable;

/** A store made of a HashMap, so that the wire can be tested without one. Tests only: it allocates. */
public final class MapHandler implements CommandHandler {
    private static final long RELATIVE_MAX = 60L * 60 * 24 * 30;
    private static final long NEVER = Long.MAX_VALUE;

    private static final class Item {
        byte[] value = new byte[0];
        int flags;
        long expiresAt = NEVER;
        long cas;
        long setAt;
    }

    final Map<String, Item> items = new HashMap<>();
    long nowSeconds = 1_800_000_000L;
    long lastCas;
    long flushAt = NEVER;
    int bursts;
    int commands;
    int batches;
    int tooLarge;
    int outOfBudget;
    /** Puts a stop to a reply after so many keys, as a full buffer would; 0 = never. */
    int keysPerCall;

    @Nullable
    ClientConnection suspended;

    private long scratch = UnsafeApi.allocateMemory(1 << 10);
    private int scratchLength = 1 << 10;

    @Override
    public void onBurst(long nowNs) {
        bursts++;
    }

    @Override
    public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {
        tooLarge++;
        removeOnSet(key, keyLength, isSet);
    }

    @Override
    public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {
        outOfBudget++;
        removeOnSet(key, keyLength, isSet);
    }

    private void removeOnSet(long key, int keyLength, boolean isSet) {
        if (isSet) {
            items.remove(RawBytes.string(key, keyLength));
        }
    }

    private static String key(Command command, int i) {
        return RawBytes.string(command.keyAddress(i), command.keyLength(i));
    }

    @Override
    public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
        commands++;
        if (command.opcode().isRetrieval()) {
            return retrieve(command, replies);
        }
        String key = command.keyCount() > 0 ? key(command, 0) : "";
        switch (command.opcode()) {
            case SET, ADD, REPLACE, APPEND, PREPEND, CAS -> replies.line(store(command, key));
            case DELETE ->
                replies.line(live(key) != null && items.remove(key) != null ? Reply.DELETED : Reply.NOT_FOUND);
            case INCR, DECR -> arithmetic(command, key, replies);
            case TOUCH -> {
                Item item = live(key);
                if (item != null) {
                    item.expiresAt = expiresAt(command.exptime());
                }
                replies.line(item != null ? Reply.TOUCHED : Reply.NOT_FOUND);
            }
            case FLUSH_ALL -> {
                if (command.exptime() > 0) {
                    flushAt = nowSeconds + command.exptime();
                } else {
                    items.clear();
                }
                replies.line(Reply.OK);
            }
            case VERSION -> replies.textLine("VERSION 1.6.45-test");
            case SHUTDOWN -> replies.line(Reply.SHUTDOWN_NOT_ENABLED);
            case DEBUGTIME -> {
                nowSeconds += command.delta();
                replies.line(Reply.OK);
            }
            case STATS -> {
                replies.stat("arguments", command.argumentCount());
                replies.line(Reply.END);
            }
            case WATCH -> {
                suspended = connection;
                return Progress.SUSPENDED;
            }
            default -> replies.line(Reply.OK);
        }
        return Progress.DONE;
    }

    private Progress retrieve(Command command, ReplyWriter replies) {
        batches++;
        int left = keysPerCall == 0 ? Integer.MAX_VALUE : keysPerCall;
        for (; command.hasKey(); command.nextKey()) {
            if (left-- == 0) {
                return Progress.MORE;
            }
            String key = RawBytes.string(command.keyAddress(), command.keyLength());
            Item item = live(key);
            if (item != null) {
                if (!replies.makeRoom(ReplyWriter.valueBound(command.keyLength(), item.value.length))) {
                    return Progress.MORE;
                }
                if (command.opcode().shape() == Opcode.Shape.TOUCHING_RETRIEVAL) {
                    item.expiresAt = expiresAt(command.exptime());
                }
                copyToScratch(item.value);
                if (command.opcode().returnsCas()) {
                    replies.valueWithCas(
                            command.keyAddress(),
                            command.keyLength(),
                            item.flags,
                            scratch,
                            item.value.length,
                            item.cas);
                } else {
                    replies.value(command.keyAddress(), command.keyLength(), item.flags, scratch, item.value.length);
                }
            }
            if (command.endsReply()) {
                replies.line(Reply.END);
            }
        }
        return Progress.DONE;
    }

    private void copyToScratch(byte[] value) {
        if (value.length > scratchLength) {
            UnsafeApi.freeMemory(scratch);
            scratchLength = value.length;
            scratch = UnsafeApi.allocateMemory(scratchLength);
        }
        for (int i = 0; i < value.length; i++) {
            UnsafeApi.putByte(scratch + i, value[i]);
        }
    }

    private @Nullable Item live(String key) {
        Item item = items.get(key);
        if (item == null) {
            return null;
        }
        boolean isFlushed = flushAt <= nowSeconds && item.setAt < flushAt;
        if (item.expiresAt <= nowSeconds || isFlushed) {
            items.remove(key);
            return null;
        }
        return item;
    }

    private long expiresAt(int exptime) {
        if (exptime == 0) {
            return NEVER;
        }
        return exptime < 0 ? 0 : exptime <= RELATIVE_MAX ? nowSeconds + exptime : exptime;
    }

    private Reply store(Command command, String key) {
        Item old = live(key);
        byte[] value = new byte[command.valueLength()];
        for (int i = 0; i < value.length; i++) {
            value[i] = UnsafeApi.getByte(command.valueAddress() + i);
        }
        Reply refusal = switch (command.opcode()) {
            case ADD -> old == null ? null : Reply.NOT_STORED;
            case REPLACE, APPEND, PREPEND -> old == null ? Reply.NOT_STORED : null;
            case CAS -> old == null ? Reply.NOT_FOUND : old.cas != command.casUnique() ? Reply.EXISTS : null;
            default -> null;
        };
        if (refusal != null) {
            return refusal;
        }
        if (old != null && (command.opcode() == Opcode.APPEND || command.opcode() == Opcode.PREPEND)) {
            if (old.value.length + value.length > ProtocolLimits.defaults().itemSizeMax()) {
                return Reply.NOT_STORED;
            }
            old.value = command.opcode() == Opcode.APPEND ? join(old.value, value) : join(value, old.value);
            old.cas = ++lastCas;
            return Reply.STORED;
        }
        Item item = new Item();
        item.value = value;
        item.flags = command.flags();
        item.expiresAt = expiresAt(command.exptime());
        item.cas = ++lastCas;
        item.setAt = nowSeconds;
        items.put(key, item);
        return Reply.STORED;
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    private void arithmetic(Command command, String key, ReplyWriter replies) {
        Item item = live(key);
        if (item == null) {
            replies.line(Reply.NOT_FOUND);
            return;
        }
        long number;
        try {
            number = Long.parseUnsignedLong(latin(item.value).trim());
        } catch (NumberFormatException e) {
            replies.line(Reply.NON_NUMERIC);
            return;
        }
        long delta = command.delta();
        if (command.opcode() == Opcode.INCR) {
            number += delta;
        } else {
            number = Long.compareUnsigned(delta, number) > 0 ? 0 : number - delta;
        }
        String text = Long.toUnsignedString(number);
        String padded = command.opcode() == Opcode.DECR || text.length() < item.value.length
                ? text + " ".repeat(Math.max(0, item.value.length - text.length()))
                : text;
        item.value = padded.getBytes(StandardCharsets.ISO_8859_1);
        item.cas = ++lastCas;
        replies.number(number);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
