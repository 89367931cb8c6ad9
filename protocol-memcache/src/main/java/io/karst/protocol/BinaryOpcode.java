package io.karst.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The requests of the binary protocol: a row each, with its code, what it does, whether it is quiet, and what its body must
 * look like. Source: memcached's protocol_binary.h; PROTOCOL §1 "Binary". What memcached does not know (0x1b verbosity,
 * range and tap operations) is not here.
 */
public enum BinaryOpcode {
    GET(0x00, Action.GET, false, 0, Body.KEY),
    SET(0x01, Action.SET, false, 8, Body.KEY_AND_VALUE),
    ADD(0x02, Action.ADD, false, 8, Body.KEY_AND_VALUE),
    REPLACE(0x03, Action.REPLACE, false, 8, Body.KEY_AND_VALUE),
    DELETE(0x04, Action.DELETE, false, 0, Body.KEY),
    INCREMENT(0x05, Action.INCREMENT, false, 20, Body.KEY),
    DECREMENT(0x06, Action.DECREMENT, false, 20, Body.KEY),
    QUIT(0x07, Action.QUIT, false, 0, Body.NOTHING),
    FLUSH(0x08, Action.FLUSH, false, 4, Body.OPTIONAL_EXTRAS),
    GETQ(0x09, Action.GET, true, 0, Body.KEY),
    NOOP(0x0a, Action.NOOP, false, 0, Body.NOTHING),
    VERSION(0x0b, Action.VERSION, false, 0, Body.NOTHING),
    GETK(0x0c, Action.GET_WITH_KEY, false, 0, Body.KEY),
    GETKQ(0x0d, Action.GET_WITH_KEY, true, 0, Body.KEY),
    APPEND(0x0e, Action.APPEND, false, 0, Body.KEY_AND_VALUE),
    PREPEND(0x0f, Action.PREPEND, false, 0, Body.KEY_AND_VALUE),
    STAT(0x10, Action.STAT, false, 0, Body.ANYTHING),
    SETQ(0x11, Action.SET, true, 8, Body.KEY_AND_VALUE),
    ADDQ(0x12, Action.ADD, true, 8, Body.KEY_AND_VALUE),
    REPLACEQ(0x13, Action.REPLACE, true, 8, Body.KEY_AND_VALUE),
    DELETEQ(0x14, Action.DELETE, true, 0, Body.KEY),
    INCREMENTQ(0x15, Action.INCREMENT, true, 20, Body.KEY),
    DECREMENTQ(0x16, Action.DECREMENT, true, 20, Body.KEY),
    QUITQ(0x17, Action.QUIT, true, 0, Body.NOTHING),
    FLUSHQ(0x18, Action.FLUSH, true, 4, Body.OPTIONAL_EXTRAS),
    APPENDQ(0x19, Action.APPEND, true, 0, Body.KEY_AND_VALUE),
    PREPENDQ(0x1a, Action.PREPEND, true, 0, Body.KEY_AND_VALUE),
    TOUCH(0x1c, Action.TOUCH, false, 4, Body.KEY),
    GAT(0x1d, Action.GET_AND_TOUCH, false, 4, Body.KEY),
    GATQ(0x1e, Action.GET_AND_TOUCH, true, 4, Body.KEY),
    SASL_LIST_MECHS(0x20, Action.SASL, false, 0, Body.NOTHING),
    SASL_AUTH(0x21, Action.SASL, false, 0, Body.KEY_AND_VALUE),
    SASL_STEP(0x22, Action.SASL, false, 0, Body.KEY_AND_VALUE),
    GATK(0x23, Action.GET_AND_TOUCH_WITH_KEY, false, 4, Body.KEY),
    GATKQ(0x24, Action.GET_AND_TOUCH_WITH_KEY, true, 4, Body.KEY);

    /** What a request does, loud or quiet. */
    public enum Action {
        GET,
        GET_WITH_KEY,
        GET_AND_TOUCH,
        GET_AND_TOUCH_WITH_KEY,
        TOUCH,
        SET,
        ADD,
        REPLACE,
        APPEND,
        PREPEND,
        DELETE,
        INCREMENT,
        DECREMENT,
        FLUSH,
        STAT,
        VERSION,
        /** Answered by the connection itself, like the two below. */
        NOOP,
        QUIT,
        SASL
    }

    /** What may stand behind the header, besides the extras. */
    enum Body {
        NOTHING,
        /** Nothing, not even the extras if the client likes. */
        OPTIONAL_EXTRAS,
        KEY,
        KEY_AND_VALUE,
        ANYTHING
    }

    private static final @Nullable BinaryOpcode[] BY_CODE = new BinaryOpcode[256];

    static {
        for (BinaryOpcode opcode : values()) {
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;
    private final Action action;
    private final String actionName;
    private final boolean isQuiet;
    private final int extrasLength;
    private final Body body;

    BinaryOpcode(int code, Action action, boolean isQuiet, int extrasLength, Body body) {
        this.code = code;
        this.action = action;
        this.actionName = action.name().toLowerCase(Locale.ROOT);
        this.isQuiet = isQuiet;
        this.extrasLength = extrasLength;
        this.body = body;
    }

    /** The byte on the wire. */
    public int code() {
        return code;
    }

    /** What the request does. */
    public Action action() {
        return action;
    }

    /** The action in lower case, as the text protocol would call it. */
    String actionName() {
        return actionName;
    }

    /** Whether success (of a get: a miss) is not answered. */
    public boolean isQuiet() {
        return isQuiet;
    }

    /** Whether its value is an item's. */
    boolean isStorage() {
        return switch (action) {
            case SET, ADD, REPLACE, APPEND, PREPEND -> true;
            default -> false;
        };
    }

    /** Whether it may be executed before a login. */
    boolean isForStrangers() {
        return action == Action.SASL || action == Action.VERSION;
    }

    /** Whether the lengths that a header gives are those of this request. */
    boolean accepts(int extras, int key, int value) {
        return switch (body) {
            case NOTHING -> extras == 0 && key == 0 && value == 0;
            case OPTIONAL_EXTRAS -> (extras == 0 || extras == extrasLength) && key == 0 && value == 0;
            case KEY -> extras == extrasLength && key > 0 && value == 0;
            case KEY_AND_VALUE -> extras == extrasLength && key > 0;
            case ANYTHING -> extras == 0;
        };
    }

    /** The row of a code, or null. */
    static @Nullable BinaryOpcode of(int code) {
        return BY_CODE[code];
    }
}
