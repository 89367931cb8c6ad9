package io.karst.appliance.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.List;

/**
 * Private keys in the forms that OpenSSL writes. Java reads PKCS#8 alone; the older forms of RSA (PKCS#1) and EC (SEC 1)
 * keys lack no more than a head that says what they are.
 */
final class PrivateKeys {
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "RSASSA-PSS");
    private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};
    /** AlgorithmIdentifier: rsaEncryption, NULL. */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    /** Object identifier of ecPublicKey. */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int EC_PARAMETERS = 0xa0;

    private PrivateKeys() {}

    /** The first private key of a file. */
    static PrivateKey read(Path file, boolean isDer) throws IOException, GeneralSecurityException {
        if (isDer) {
            return fromDer(Files.readAllBytes(file));
        }
        for (PemFile.Block block : PemFile.read(file)) {
            byte[] der = block.der().readAllBytes();
            switch (block.type()) {
                case "PRIVATE KEY" -> {
                    return pkcs8(der);
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(rsaAsPkcs8(der));
                }
                case "EC PRIVATE KEY" -> {
                    return pkcs8(ecAsPkcs8(der));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new InvalidKeySpecException("the key is encrypted, and nobody is there to give its password");
                default -> {} // A certificate, or the parameters that OpenSSL puts in front of an EC key.
            }
        }
        throw new InvalidKeySpecException("no private key in it");
    }

    private static PrivateKey fromDer(byte[] der) throws GeneralSecurityException {
        try {
            return pkcs8(der);
        } catch (InvalidKeySpecException e) {
            // An older form.
        }
        try {
            return pkcs8(rsaAsPkcs8(der));
        } catch (InvalidKeySpecException e) {
            return pkcs8(ecAsPkcs8(der));
        }
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // The next one.
            }
        }
        throw new InvalidKeySpecException("not a key of RSA, EC or EdDSA");
    }

    private static byte[] rsaAsPkcs8(byte[] pkcs1) {
        return element(SEQUENCE, VERSION_0, RSA, element(OCTET_STRING, pkcs1));
    }

    private static byte[] ecAsPkcs8(byte[] sec1) throws InvalidKeySpecException {
        byte[] algorithm = element(SEQUENCE, EC, curve(sec1));
        return element(SEQUENCE, VERSION_0, algorithm, element(OCTET_STRING, sec1));
    }

    /** The curve's object identifier: ECPrivateKey is a sequence of version, key, [0] curve, [1] public key. */
    private static byte[] curve(byte[] sec1) throws InvalidKeySpecException {
        try {
            int position = contentOf(sec1, 0);
            position = endOf(sec1, position);
            position = endOf(sec1, position);
            if ((sec1[position] & 0xff) == EC_PARAMETERS) {
                int from = contentOf(sec1, position);
                return Arrays.copyOfRange(sec1, from, endOf(sec1, position));
            }
        } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException e) {
            throw new InvalidKeySpecException("not DER", e);
        }
        throw new InvalidKeySpecException("the EC key names no curve");
    }

    private static int contentOf(byte[] der, int element) {
        int length = der[element + 1] & 0xff;
        return length < 0x80 ? element + 2 : element + 2 + (length - 0x80);
    }

    private static int endOf(byte[] der, int element) {
        int content = contentOf(der, element);
        int length = der[element + 1] & 0xff;
        if (length >= 0x80) {
            length = 0;
            for (int i = element + 2; i < content; i++) {
                length = length << 8 | (der[i] & 0xff);
            }
        }
        return content + length;
    }

    private static byte[] element(int tag, byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteArrayOutputStream element = new ByteArrayOutputStream();
        element.write(tag);
        // Java insists on the shortest form of a length.
        if (length > 0xff) {
            element.write(0x82);
            element.write(length >> 8);
        } else if (length > 0x7f) {
            element.write(0x81);
        }
        element.write(length);
        for (byte[] part : parts) {
            element.writeBytes(part);
        }
        return element.toByteArray();
    }
}
