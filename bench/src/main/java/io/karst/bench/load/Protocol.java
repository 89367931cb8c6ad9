package io.karst.bench.load;

/** What a connection speaks. */
public enum Protocol {
    /** {@code get} and {@code set}. */
    TEXT(TextWire.INSTANCE),
    /** {@code mg} and {@code ms}, one key each. */
    META(MetaWire.INSTANCE),
    /** A run of {@code GETQ} that a {@code NOOP} ends, and {@code SET}. */
    BINARY(BinaryWire.INSTANCE);

    private final Wire wire;

    Protocol(Wire wire) {
        this.wire = wire;
    }

    Wire wire() {
        return wire;
    }
}
