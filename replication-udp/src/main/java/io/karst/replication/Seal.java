package io.karst.replication;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames in AES-128-GCM envelopes under one key, one direction.
 *
 * <pre>
 *  0 u8 layout, 1     1 u8 type, 17     2 u8 key id     3 u8 unused
 *  4 u64 counter      12 sealed frame, and its tag of 16 bytes
 * </pre>
 *
 * The nonce is the counter in 96 bits; the first 12 bytes are authenticated, too. One thread.
 */
final class Seal {
    static final int TYPE = 17;
    static final int OVERHEAD = 28;

    private static final int HEADER_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final int keyId;
    private final SecretKeySpec key;
    private final Cipher cipher;
    private final ReplayWindow window = new ReplayWindow();

    Seal(int keyId, SecretKeySpec key) {
        this.keyId = keyId;
        this.key = key;
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
    }

    /** The envelope of a frame, with a counter that was not used before under this key. */
    byte[] seal(long counter, DirectBuffer buffer, int offset, int length) {
        byte[] frame = new byte[length];
        buffer.getBytes(offset, frame);
        byte[] envelope = new byte[OVERHEAD + length];
        envelope[0] = Frame.LAYOUT;
        envelope[1] = TYPE;
        envelope[2] = (byte) keyId;
        new UnsafeBuffer(envelope).putLong(4, counter, LITTLE_ENDIAN);
        try {
            cipher(Cipher.ENCRYPT_MODE, counter, envelope).doFinal(frame, 0, length, envelope, HEADER_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing does not fail", e);
        }
        return envelope;
    }

    /** The frame in an envelope, or null when it is forged, damaged or under another key. */
    byte @Nullable [] open(byte[] envelope) {
        if (envelope.length < OVERHEAD) {
            return null;
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, counter(envelope), envelope)
                    .doFinal(envelope, HEADER_LENGTH, envelope.length - HEADER_LENGTH);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every length is checked", e);
        }
    }

    /** Whether an envelope that could be opened is one that was opened before; notes it when not. */
    boolean isRepeated(byte[] envelope) {
        boolean seen = window.isSeen(counter(envelope));
        if (!seen) {
            window.see(counter(envelope));
        }
        return seen;
    }

    private static long counter(byte[] envelope) {
        return new UnsafeBuffer(envelope).getLong(4, LITTLE_ENDIAN);
    }

    private Cipher cipher(int mode, long counter, byte[] envelope) throws GeneralSecurityException {
        byte[] nonce = new byte[12];
        new UnsafeBuffer(nonce).putLong(4, counter, LITTLE_ENDIAN);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(envelope, 0, HEADER_LENGTH);
        return cipher;
    }
}
