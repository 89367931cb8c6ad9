package io.karst.appliance.tls;

import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/** {@code ssl_ciphers}: suites by OpenSSL's names, which existing command lines have, or by Java's. */
final class CipherNames {
    private static final Pattern OPENSSL =
            Pattern.compile("(?:(ECDHE|DHE)-(RSA|ECDSA)-)?(?:AES(128|256)-(GCM-)?SHA(256|384)?|CHACHA20-POLY1305)");

    private CipherNames() {}

    /**
     * Java's names of the suites in a list, then those of TLS 1.3, which the list does not speak of.
     *
     * @throws IllegalArgumentException with the first name that is not one, or that this JDK does not have
     */
    static List<String> parse(String list) {
        Set<String> supported = supported();
        List<String> names = new ArrayList<>();
        for (String word : list.split("[: ]+")) {
            String name = word.startsWith("TLS_") ? word : javaName(word);
            if (!supported.contains(name)) {
                throw new IllegalArgumentException(word);
            }
            names.add(name);
        }
        for (String name :
                List.of("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")) {
            if (supported.contains(name) && !names.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }

    private static Set<String> supported() {
        try {
            return Set.of(SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    private static String javaName(String word) {
        Matcher matcher = OPENSSL.matcher(word);
        if (!matcher.matches()) {
            return "";
        }
        String keys = matcher.group(1) == null ? "RSA" : matcher.group(1) + "_" + matcher.group(2);
        if (matcher.group(3) == null) {
            return "TLS_" + keys + "_WITH_CHACHA20_POLY1305_SHA256";
        }
        String mode = matcher.group(4) == null ? "CBC" : "GCM";
        String hash = matcher.group(5) == null ? "" : matcher.group(5);
        return "TLS_" + keys + "_WITH_AES_" + matcher.group(3) + "_" + mode + "_SHA" + hash;
    }
}
