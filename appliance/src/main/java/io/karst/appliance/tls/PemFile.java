package io.karst.appliance.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The blocks of a PEM file; text between them is skipped, as OpenSSL does. */
final class PemFile {
    private static final long LENGTH_MAX = 16L << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----\\s([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private PemFile() {}

    /**
     * One block.
     *
     * @param type what stands behind BEGIN
     * @param der its bytes, base64 undone, in a stream that was not read
     */
    record Block(String type, ByteArrayInputStream der) {}

    static List<Block> read(Path file) throws IOException {
        if (Files.size(file) > LENGTH_MAX) {
            throw new IOException("longer than " + LENGTH_MAX + " bytes");
        }
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            byte[] der = Base64.getMimeDecoder().decode(matcher.group(2));
            blocks.add(new Block(matcher.group(1), new ByteArrayInputStream(der)));
        }
        return blocks;
    }

    /** The certificates in it, in their order; at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : read(file)) {
            if (block.type().endsWith("CERTIFICATE")) {
                certificates.add((X509Certificate) factory.generateCertificate(block.der()));
            }
        }
        if (certificates.isEmpty()) {
            throw new IOException("no certificate in it");
        }
        return certificates;
    }
}
