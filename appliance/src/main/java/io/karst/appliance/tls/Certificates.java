package io.karst.appliance.tls;

import io.karst.appliance.config.Settings;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The certificate, key and authorities in force, as the files last had them. Thread-safe: new connections take what is
 * there, connections that exist keep what they have. What is read is tried out before it takes the old one's place.
 */
public final class Certificates implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Certificates.class.getName());

    /** A client that does not shake hands for so long is closed. */
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    /** BoringSSL where its library loads, else Java's own: a third of the CPU per request, docs/decisions/0003. */
    private static final SslProvider PROVIDER = OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;

    private static final int THREADS = 2;
    private static final String TLS_1_3 = "TLSv1.3";
    private static final String TLS_1_2 = "TLSv1.2";
    private static final int ONLY_1_3 = 3;

    private record InForce(Map<Settings.Encryption, SslContext> contexts, long sinceNs) {
        /**
         * Gives up native memory as soon as the last connection that uses it has gone. The garbage collector would do it too,
         * but a server that allocates nothing hardly ever collects.
         */
        void release() {
            contexts.values().forEach(ReferenceCountUtil::release);
        }
    }

    private final Settings.Tls settings;
    private final Path chainFile;
    private volatile InForce inForce;

    /** Held while a handler is made of the contexts in force, and while others take their place: not for long. */
    private final Object inForceLock = new Object();

    /** For what an engine lets others do: checking certificates of clients, and with Java's engine signing as well. */
    private final ExecutorService workers = Executors.newFixedThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "karst-tls");
        thread.setDaemon(true);
        return thread;
    });

    private Certificates(Settings.Tls settings) throws IOException {
        this.settings = settings;
        this.chainFile = Objects.requireNonNull(settings.chainCert());
        this.inForce = read();
    }

    /**
     * Reads the files.
     *
     * @param settings enabled
     * @throws IOException with one line for the operator, when they cannot be used
     */
    public static Certificates open(Settings.Tls settings) throws IOException {
        return new Certificates(settings);
    }

    /** Makes what decrypts a new connection, by the certificates in force then; for a listener with TLS. */
    public Function<ByteBufAllocator, SslHandler> handlers(Settings.Encryption encryption) {
        return allocator -> {
            SslHandler handler;
            synchronized (inForceLock) {
                SslContext context = Objects.requireNonNull(inForce.contexts().get(encryption));
                handler = context.newHandler(allocator, workers);
            }
            handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT_MILLIS);
            return handler;
        };
    }

    /** Seconds since the files were last read with success, for {@code stats}. */
    public long ageSeconds() {
        return (System.nanoTime() - inForce.sinceNs()) / 1_000_000_000L;
    }

    /**
     * Reads the files again. Takes milliseconds: not for an event loop.
     *
     * @return null, or what is wrong with them; the old ones stay in force then
     */
    public synchronized @Nullable String reload() {
        try {
            InForce next = read();
            InForce former = inForce;
            synchronized (inForceLock) {
                inForce = next;
            }
            former.release();
            LOGGER.log(Level.INFO, "Certificates read again file={0}", chainFile);
            return null;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Certificates not read again, the old ones stay: {0}", e.getMessage());
            return e.getMessage();
        }
    }

    /** Runs a task, such as {@link #reload}, off the loops. */
    public void execute(Runnable task) {
        workers.execute(task);
    }

    // The beginnings of the lines are memcached's.
    private InForce read() throws IOException {
        List<X509Certificate> chain = chain();
        PrivateKey key = key();
        List<X509Certificate> authorities = authorities();
        if (!fits(key, chain.get(0).getPublicKey())) {
            throw new IOException("Error validating the certificate: the key is not the one of " + chainFile);
        }
        InForce read = new InForce(new EnumMap<>(Settings.Encryption.class), System.nanoTime());
        boolean isComplete = false;
        try {
            read.contexts().put(Settings.Encryption.TLS, context(chain, key, authorities, clientAuth()));
            read.contexts().put(Settings.Encryption.SERVER_TLS, context(chain, key, authorities, ClientAuth.NONE));
            if (!authorities.isEmpty()) {
                read.contexts()
                        .put(Settings.Encryption.MUTUAL_TLS, context(chain, key, authorities, ClientAuth.REQUIRE));
            }
            isComplete = true;
            return read;
        } finally {
            if (!isComplete) {
                read.release();
            }
        }
    }

    private List<X509Certificate> chain() throws IOException {
        try {
            return PemFile.certificates(chainFile);
        } catch (IOException | GeneralSecurityException e) {
            throw failure("Error loading the certificate chain: ", chainFile, e);
        }
    }

    private PrivateKey key() throws IOException {
        Path file = settings.key() == null ? chainFile : settings.key();
        try {
            return PrivateKeys.read(file, settings.isKeyDer());
        } catch (IOException | GeneralSecurityException e) {
            throw failure("Error loading the key: ", file, e);
        }
    }

    private List<X509Certificate> authorities() throws IOException {
        Path file = settings.caCert();
        if (file == null) {
            return List.of();
        }
        try {
            return PemFile.certificates(file);
        } catch (IOException | GeneralSecurityException e) {
            throw failure("Error loading the CA certificate: ", file, e);
        }
    }

    // A missing file's exception has its name for a message.
    private static IOException failure(String what, Path file, Exception cause) {
        String why = String.valueOf(cause.getMessage());
        return new IOException(what + file + (why.equals(file.toString()) ? ": cannot be read" : ": " + why), cause);
    }

    /** Whether what the key signs, the certificate verifies. */
    private static boolean fits(PrivateKey key, PublicKey certified) {
        String algorithm = key.getAlgorithm().equals("EC")
                ? "SHA256withECDSA"
                : key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : key.getAlgorithm();
        byte[] challenge = new byte[32];
        new SecureRandom().nextBytes(challenge);
        try {
            Signature signature = Signature.getInstance(algorithm);
            signature.initSign(key);
            signature.update(challenge);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(challenge);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private ClientAuth clientAuth() {
        return switch (settings.verifyMode()) {
            case 0 -> ClientAuth.NONE;
            case 1 -> ClientAuth.OPTIONAL;
            default -> ClientAuth.REQUIRE;
        };
    }

    private SslContext context(
            List<X509Certificate> chain, PrivateKey key, List<X509Certificate> authorities, ClientAuth clientAuth)
            throws IOException {
        SslContextBuilder builder = SslContextBuilder.forServer(key, chain)
                .sslProvider(PROVIDER)
                .protocols(protocols())
                .clientAuth(clientAuth);
        if (!settings.hasSessionCache()) {
            builder.sessionCacheSize(1);
        }
        if (!authorities.isEmpty()) {
            builder.trustManager(authorities);
        }
        try {
            if (settings.ciphers() != null) {
                builder.ciphers(CipherNames.parse(settings.ciphers()));
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new IOException("Error setting the provided cipher(s): " + e.getMessage(), e);
        } catch (SSLException e) {
            throw new IOException("Error validating the certificate: " + e.getMessage(), e);
        }
    }

    private List<String> protocols() {
        List<String> protocols = new ArrayList<>(List.of(TLS_1_3));
        if (settings.minVersion() < ONLY_1_3) {
            protocols.add(TLS_1_2);
        }
        return protocols;
    }

    /** Ends the workers and gives the certificates back; after the loops. */
    @Override
    public void close() {
        workers.shutdownNow();
        inForce.release();
    }
}
