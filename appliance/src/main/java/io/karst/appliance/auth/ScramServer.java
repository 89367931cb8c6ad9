package io.karst.appliance.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one SCRAM-SHA-256 login (RFC 5802 with RFC 7677), without channel binding.
 *
 * <pre>
 *   client  n,,n=user,r=rOprNGfwEbeRWgbNEkqO          server  r=rOprNGf...%hvYDpWUa,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096
 *   client  c=biws,r=rOprNGf...%hvYDpWUa,p=dHzbZapW   server  v=6rriTRBi23WpRKx...
 * </pre>
 *
 * <p>One thread at a time. Costs a few HMACs: the client does the expensive part.
 */
final class ScramServer {
    private static final int NONCE_MAX = 256;

    /** gs2 header (no channel binding), then name, nonce, extensions that may be ignored. */
    private static final Pattern CLIENT_FIRST =
            Pattern.compile("((?:n|y),(?:a=([^,]+))?,)(n=([^,]+),r=([\\x21-\\x2b\\x2d-\\x7e]+)(?:,[a-zA-Z]=[^,]*)*+)");

    private static final Pattern CLIENT_FINAL = Pattern.compile(
            "(c=([A-Za-z0-9+/=]+),r=([\\x21-\\x2b\\x2d-\\x7e]+)(?:,[a-oq-zA-Z]=[^,]*)*+),p=([A-Za-z0-9+/=]+)");

    private static final Pattern ESCAPE = Pattern.compile("=(2C|3D)|=");

    private final Users users;
    private final String serverNonce;
    private @Nullable User user;
    private String gs2Header = "";
    private String nonce = "";
    private String firstMessages = "";

    /**
     * A login that has not begun.
     *
     * @param serverNonce printable, without commas, never used before
     */
    ScramServer(Users users, String serverNonce) {
        this.users = users;
        this.serverNonce = serverNonce;
    }

    /** Answers the client's first message; null when it is not one. */
    @Nullable
    String challenge(byte[] clientFirst) {
        String text = Utf8.decode(clientFirst);
        Matcher message = CLIENT_FIRST.matcher(text == null ? "" : text);
        if (!message.matches() || message.group(5).length() > NONCE_MAX) {
            return null;
        }
        String written = message.group(4);
        String actingAs = message.group(2);
        Optional<String> name = unescaped(written).flatMap(Saslprep::prepare);
        if (name.isEmpty() || (actingAs != null && !actingAs.equals(written))) {
            return null;
        }
        User found = users.find(name.get());
        user = found;
        gs2Header = message.group(1);
        nonce = message.group(5) + serverNonce;
        String serverFirst = "r=" + nonce + ",s="
                + Base64.getEncoder().encodeToString(found.secret().salt()) + ",i="
                + found.secret().iterations();
        firstMessages = message.group(3) + "," + serverFirst + ",";
        return serverFirst;
    }

    /** Checks the client's proof; the server's own, or null when the login fails. Ends this login either way. */
    @Nullable
    String verify(byte[] clientFinal) {
        User claimed = user;
        user = null;
        String text = Utf8.decode(clientFinal);
        Matcher message = CLIENT_FINAL.matcher(text == null ? "" : text);
        if (claimed == null || !message.matches()) {
            return null;
        }
        byte[] binding = base64(message.group(2));
        byte[] proof = base64(message.group(4));
        byte[] authMessage = (firstMessages + message.group(1)).getBytes(StandardCharsets.UTF_8);
        boolean isThisLogin =
                message.group(3).equals(nonce) && gs2Header.equals(new String(binding, StandardCharsets.UTF_8));
        boolean isProven = claimed.secret().isProvenBy(proof, authMessage);
        return isThisLogin && isProven
                ? "v=" + Base64.getEncoder().encodeToString(claimed.secret().serverSignature(authMessage))
                : null;
    }

    /** Takes {@code =2C} for a comma and {@code =3D} for an equals sign; empty when another equals sign is there. */
    private static Optional<String> unescaped(String name) {
        boolean isWrong = ESCAPE.matcher(name).results().anyMatch(found -> found.group(1) == null);
        return isWrong ? Optional.empty() : Optional.of(name.replace("=2C", ",").replace("=3D", "="));
    }

    private static byte[] base64(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
