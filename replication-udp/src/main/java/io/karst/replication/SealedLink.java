package io.karst.replication;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Each node draws a salt for a link when it starts, and tells it in a hello:
 *
 *    0 u8 layout, 1    1 u8 type, 16    2 u8 key id    3 u8 unused
 *    4 salt    20 challenge    36 echo: the receiver's challenge, or zeros    52 proof, HMAC-SHA-256 of what precedes
 *
 * A salt is taken over only from a hello that echoes our present challenge, and then we draw another challenge. So a
 * hello is worth nothing after our restart, and nothing once a later one has been believed: neither a repeated hello nor
 * one that was held back brings an earlier life of the peer back, with its counter at 0, or locks the present one out.
 * Two lives at once (a cloned node) could still take turns; the one that was replaced stays out.
 *
 * Our counter goes on whatever salts come and go, so no nonce is used twice under a key, and nothing is kept on disk.
 */

/** The keys between this node and one peer, and the hellos by which both come to the same ones. One thread. */
final class SealedLink {
    static final int TYPE = 16;

    private static final int CHALLENGE = 4 + SessionKeys.SALT_LENGTH;
    private static final int ECHO = CHALLENGE + SessionKeys.SALT_LENGTH;
    private static final int PROOF = ECHO + SessionKeys.SALT_LENGTH;
    private static final int LENGTH = PROOF + 32;
    private static final int MAX_RETIRED = 64;

    private final KeyRing ring;
    private final String self;
    private final String peer;
    private final Supplier<byte[]> salts;
    private final ArrayDeque<byte[]> retired = new ArrayDeque<>();
    private final Map<Integer, Seal> opening = new HashMap<>();
    private final byte[] ourSalt;
    private byte[] challenge;
    private byte[] heardChallenge = new byte[SessionKeys.SALT_LENGTH];
    private long counter;
    private byte @Nullable [] theirSalt;
    private @Nullable Seal sealing;
    private boolean isHelloDue = true;

    SealedLink(KeyRing ring, String self, String peer, Supplier<byte[]> salts) {
        this.ring = ring;
        this.self = self;
        this.peer = peer;
        this.salts = salts;
        ourSalt = salts.get();
        challenge = salts.get();
    }

    /** What to seal with; null before both sides know both salts. */
    @Nullable
    Seal sealing() {
        return sealing;
    }

    /** What opens frames sealed with a key, or null. */
    @Nullable
    Seal opening(int keyId) {
        return opening.get(keyId);
    }

    void helloDue() {
        isHelloDue = true;
    }

    /** The hello to send now, or null when none is due. */
    byte @Nullable [] takeHello() {
        if (!isHelloDue) {
            return null;
        }
        isHelloDue = false;
        ByteBuffer hello = ByteBuffer.allocate(LENGTH);
        hello.put((byte) Frame.LAYOUT)
                .put((byte) TYPE)
                .put((byte) ring.sealingId())
                .put((byte) 0);
        hello.put(ourSalt).put(challenge).put(heardChallenge);
        hello.put(ring.sealing().proof(self, peer, Arrays.copyOf(hello.array(), PROOF)));
        return hello.array();
    }

    /** Takes a hello; false when nobody with the key can have sent it. */
    boolean onHello(byte[] hello) {
        SessionKeys keys = hello.length == LENGTH ? ring.keys().get(hello[2] & 0xFF) : null;
        if (keys == null || !isProven(keys, hello)) {
            return false;
        }
        byte[] salt = Arrays.copyOfRange(hello, 4, CHALLENGE);
        if (retired.stream().anyMatch(old -> Arrays.equals(old, salt))) {
            return true;
        }
        heardChallenge = Arrays.copyOfRange(hello, CHALLENGE, ECHO);
        boolean isFresh = Arrays.equals(Arrays.copyOfRange(hello, ECHO, PROOF), challenge);
        if (!isFresh) {
            isHelloDue = true;
        } else if (!Arrays.equals(salt, theirSalt)) {
            takeOver(salt);
            isHelloDue = true;
        }
        return true;
    }

    private boolean isProven(SessionKeys keys, byte[] hello) {
        byte[] proof = Arrays.copyOfRange(hello, PROOF, LENGTH);
        return MessageDigest.isEqual(proof, keys.proof(peer, self, Arrays.copyOf(hello, PROOF)));
    }

    private void takeOver(byte[] salt) {
        if (theirSalt != null) {
            retired.add(theirSalt);
        }
        if (retired.size() > MAX_RETIRED) {
            retired.remove();
        }
        theirSalt = salt;
        challenge = salts.get();
        sealing = new Seal(ring.sealingId(), ring.sealing().key(self, ourSalt, peer, salt));
        ring.keys().forEach((id, keys) -> opening.put(id, new Seal(id, keys.key(peer, salt, self, ourSalt))));
    }

    /** The number of the next frame to be sealed. */
    long nextCounter() {
        return counter++;
    }
}
