package io.karst.protocol;

/** What a connection may speak ({@code -B}); its first byte says what it does speak. */
public enum Dialect {
    /** Text or binary. */
    ANY,
    /** Text and meta commands only. */
    TEXT,
    /** The binary protocol only. */
    BINARY;

    boolean allows(boolean isBinary) {
        return this == ANY || (this == BINARY) == isBinary;
    }
}
