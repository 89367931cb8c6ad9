package io.karst.protocol;

import java.nio.charset.StandardCharsets;

/** Statuses of the binary protocol with memcached's texts, held off-heap so that answering is one copy. */
public enum BinaryStatus {
    SUCCESS(0x00, ""),
    NOT_FOUND(0x01, "Not found"),
    EXISTS(0x02, "Data exists for key."),
    TOO_LARGE(0x03, "Too large."),
    INVALID_ARGUMENTS(0x04, "Invalid arguments"),
    NOT_STORED(0x05, "Not stored."),
    NON_NUMERIC(0x06, "Non-numeric server-side value for incr or decr"),
    AUTH_FAILURE(0x20, "Auth failure."),
    AUTH_CONTINUE(0x21, ""),
    UNKNOWN_COMMAND(0x81, "Unknown command"),
    OUT_OF_MEMORY(0x82, "Out of memory"),
    TEMPORARY_FAILURE(0x86, "no quorum"),
    OUT_OF_MEMORY_STORING(0x82, "Out of memory allocating item"),
    OUT_OF_MEMORY_ADDING(0x82, "Out of memory incrementing value"),
    OUT_OF_MEMORY_CREATING(0x82, "Out of memory allocating new item");

    private final int code;
    private final String text;
    private final long address;
    private final int length;

    BinaryStatus(int code, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        this.code = code;
        this.text = text;
        this.length = bytes.length;
        this.address = RawBytes.constant(bytes, Math.max(1, bytes.length));
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /** The body of an answer with this status. */
    public String text() {
        return text;
    }

    /** Where the text lies; never freed. */
    long address() {
        return address;
    }

    /** Bytes of the text. */
    int length() {
        return length;
    }
}
