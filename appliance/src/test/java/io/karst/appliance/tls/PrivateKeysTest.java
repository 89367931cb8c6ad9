package io.karst.appliance.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.karst.appliance.fixture.Tools;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every form in which OpenSSL writes a key is the same key. */
@Timeout(60)
class PrivateKeysTest {
    @TempDir
    Path directory;

    private Path openssl(String name, String... words) throws Exception {
        Tools.assumeTool("openssl");
        Path file = directory.resolve(name);
        String[] command = new String[words.length + 3];
        command[0] = "openssl";
        System.arraycopy(words, 0, command, 1, words.length);
        command[words.length + 1] = "-out";
        command[words.length + 2] = file.toString();
        Tools.Outcome outcome = Tools.run(command);
        assertEquals(0, outcome.status(), outcome.out());
        return file;
    }

    @Test
    void rsa() throws Exception {
        Path pkcs8 = openssl("rsa8.pem", "genpkey", "-algorithm", "RSA");
        Path pkcs1 = openssl("rsa1.pem", "rsa", "-traditional", "-in", pkcs8.toString());
        Path der = openssl("rsa1.der", "rsa", "-traditional", "-outform", "DER", "-in", pkcs8.toString());
        PrivateKey key = PrivateKeys.read(pkcs8, false);
        assertEquals("RSA", key.getAlgorithm());
        assertEquals(key, PrivateKeys.read(pkcs1, false));
        assertEquals(key, PrivateKeys.read(der, true));
    }

    @Test
    void ec() throws Exception {
        Path sec1 = openssl("ec1.pem", "ecparam", "-genkey", "-name", "prime256v1");
        Path pkcs8 = openssl("ec8.pem", "pkcs8", "-topk8", "-nocrypt", "-in", sec1.toString());
        Path der = openssl("ec1.der", "ec", "-outform", "DER", "-in", sec1.toString());
        BigInteger number = numberOf(PrivateKeys.read(pkcs8, false));
        assertEquals(number, numberOf(PrivateKeys.read(sec1, false)));
        assertEquals(number, numberOf(PrivateKeys.read(der, true)));
    }

    // Two encodings of one key are not equal as objects.
    private static BigInteger numberOf(PrivateKey key) {
        return assertInstanceOf(ECPrivateKey.class, key).getS();
    }

    @Test
    void edDsa() throws Exception {
        Path pkcs8 = openssl("ed.pem", "genpkey", "-algorithm", "ed25519");
        assertEquals("EdDSA", PrivateKeys.read(pkcs8, false).getAlgorithm());
    }

    @Test
    void anEncryptedKeyOrNoneIsRefused() throws Exception {
        Path encrypted = openssl("enc.pem", "genpkey", "-algorithm", "RSA", "-aes256", "-pass", "pass:secret");
        assertThrows(GeneralSecurityException.class, () -> PrivateKeys.read(encrypted, false));
        Path nothing = Files.writeString(
                directory.resolve("nothing"), TestCertificate.pem("EC PRIVATE KEY", new byte[] {0x30, 0}));
        assertThrows(GeneralSecurityException.class, () -> PrivateKeys.read(nothing, false));
        assertThrows(GeneralSecurityException.class, () -> PrivateKeys.read(nothing, true));
    }
}
