package io.karst.appliance.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page for people: one file, in which script and style stand. Its policy names both by their hashes, so that nothing
 * else runs in it, whatever a key or a peer may be called.
 */
final class Console {
    private static final String RESOURCE = "console.html";

    private final Answer page;

    /** Reads the page. */
    Console() {
        String html = read();
        page = Answer.of(HttpResponseStatus.OK, "text/html; charset=utf-8", html)
                .with(HttpHeaderNames.CONTENT_SECURITY_POLICY, policy(html));
    }

    Answer page() {
        return page;
    }

    private static String policy(String html) {
        return "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors"
                + " 'none'; script-src 'sha256-" + hash(between(html, "<script>", "</script>"))
                + "'; style-src 'sha256-"
                + hash(between(html, "<style>", "</style>")) + "'";
    }

    private static String between(String html, String begin, String end) {
        int from = html.indexOf(begin) + begin.length();
        return html.substring(from, html.indexOf(end, from));
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String read() {
        try (InputStream resource = Console.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is not in the jar");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
