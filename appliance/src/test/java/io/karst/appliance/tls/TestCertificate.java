package io.karst.appliance.tls;

import io.karst.appliance.fixture.RawClient;
import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** A self-signed certificate and its key, made by keytool for one test, as the PEM files that a server reads. */
public final class TestCertificate {
    private static final String PASSWORD = "changeit";

    private final KeyStore store;
    private final Path chain;
    private final Path key;

    private TestCertificate(KeyStore store, Path chain, Path key) {
        this.store = store;
        this.chain = chain;
        this.key = key;
    }

    /** Makes one, with an RSA or an EC key, in files of that name. */
    public static TestCertificate make(Path directory, String name, String algorithm) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Files.deleteIfExists(file);
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Tools.Outcome made = Tools.run(List.of(
                keytool,
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-alias",
                "it",
                "-dname",
                "CN=" + name,
                "-validity",
                "3",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                file.toString()));
        if (made.status() != 0) {
            throw new AssertionError(made.out());
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Path chain = Files.writeString(
                directory.resolve(name + ".pem"),
                pem("CERTIFICATE", store.getCertificate("it").getEncoded()));
        Path key = Files.writeString(
                directory.resolve(name + ".key"),
                pem("PRIVATE KEY", store.getKey("it", PASSWORD.toCharArray()).getEncoded()));
        return new TestCertificate(store, chain, key);
    }

    static String pem(String type, byte[] der) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
    }

    Path chain() {
        return chain;
    }

    Path key() {
        return key;
    }

    X509Certificate certificate() throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate("it");
    }

    /** {@code ssl_chain_cert=...,ssl_key=...} with more of them behind. */
    public String options(String more) {
        return "ssl_chain_cert=" + chain + ",ssl_key=" + key + more;
    }

    /** Shakes hands with a server, whatever its certificate, showing one's own or none. */
    public static SSLSocket connect(InetSocketAddress address, String protocol, @Nullable TestCertificate own)
            throws IOException, GeneralSecurityException {
        KeyManager[] keys = new KeyManager[0];
        if (own != null) {
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(own.store, PASSWORD.toCharArray());
            keys = factory.getKeyManagers();
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, new TrustManager[] {new TrustingManager()}, new SecureRandom());
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.connect(address, 20_000);
        socket.setSoTimeout(20_000);
        socket.setEnabledProtocols(new String[] {protocol});
        socket.startHandshake();
        return socket;
    }

    /** The same, to talk with. */
    static RawClient client(InetSocketAddress address, String protocol, @Nullable TestCertificate own)
            throws IOException, GeneralSecurityException {
        return RawClient.over(connect(address, protocol, own));
    }

    private static final class TrustingManager implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
