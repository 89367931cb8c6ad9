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
 * Each node draws a salt when it starts, and tells it in a hello, with the salt of the other side as it knows it:
 *
 *    0 u8 layout, 1    1 u8 type, 16    2 u8 key id    3 u8 unused
 *    4 salt    20 salt of the receiver as we know it, or zeros    36 proof, HMAC-SHA-256 of what precedes
 *
 * A salt is taken over from a hello only when the hello names our own present salt, so that a hello from before our
 * start is worth nothing; and it is taken over once: when another has taken its place it never comes back, so that a
 * hello repeated later does not bring back a key, with its counter at 0 again. The retired salts are remembered; when
 * there are too many we draw a new salt ourselves, which makes every hello so far a thing of the past.
 *
 * So a pair of salts is in use in one stretch, the nonces under its keys are the counters of that stretch, and nothing
 * has to be kept on disk.
 */

/** The keys between this node and one peer, and the hellos by which both come to the same ones. One thread. */
final class SealedLink {
    static final int TYPE = 16;

    private static final int PROOF = 4 + 2 * SessionKeys.SALT_LENGTH;
    private static final int LENGTH = PROOF + 32;
    private static final int MAX_RETIRED = 64;

    private final KeyRing ring;
    private final String self;
    private final String peer;
    private final Supplier<byte[]> salts;
    private final ArrayDeque<byte[]> retired = new ArrayDeque<>();
    private final Map<Integer, Seal> opening = new HashMap<>();
    private byte[] ourSalt;
    private byte[] heardSalt = new byte[SessionKeys.SALT_LENGTH];
    private byte @Nullable [] theirSalt;
    private @Nullable Seal sealing;
    private boolean isHelloDue = true;

    SealedLink(KeyRing ring, String self, String peer, Supplier<byte[]> salts) {
        this.ring = ring;
        this.self = self;
        this.peer = peer;
        this.salts = salts;
        ourSalt = salts.get();
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
        hello.put(ourSalt).put(heardSalt);
        hello.put(ring.sealing().proof(self, peer, Arrays.copyOf(hello.array(), PROOF)));
        return hello.array();
    }

    /** Takes a hello; false when nobody with the key can have sent it. */
    boolean onHello(byte[] hello) {
        SessionKeys keys = hello.length == LENGTH ? ring.keys().get(hello[2] & 0xFF) : null;
        if (keys == null || !isProven(keys, hello)) {
            return false;
        }
        byte[] salt = Arrays.copyOfRange(hello, 4, 4 + SessionKeys.SALT_LENGTH);
        byte[] echo = Arrays.copyOfRange(hello, 4 + SessionKeys.SALT_LENGTH, PROOF);
        if (retired.stream().noneMatch(old -> Arrays.equals(old, salt))) {
            boolean isNews = !Arrays.equals(salt, heardSalt);
            heardSalt = salt;
            if (!Arrays.equals(echo, ourSalt)) {
                isHelloDue = true;
            } else if (!Arrays.equals(salt, theirSalt)) {
                takeOver(salt);
                isHelloDue = true;
            } else {
                isHelloDue |= isNews;
            }
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
        theirSalt = salt;
        if (retired.size() > MAX_RETIRED) {
            retired.clear();
            ourSalt = salts.get();
            sealing = null;
            theirSalt = null;
            opening.clear();
            return;
        }
        sealing = new Seal(ring.sealingId(), ring.sealing().key(self, ourSalt, peer, salt));
        ring.keys().forEach((id, keys) -> opening.put(id, new Seal(id, keys.key(peer, salt, self, ourSalt))));
    }
}
