package io.karst.appliance.auth;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** memcached's file of users. */
class AuthFileTest {
    @TempDir
    Path directory;

    private AuthFile open(String text) throws IOException {
        return AuthFile.open(Files.writeString(directory.resolve("users"), text, StandardCharsets.ISO_8859_1));
    }

    private static boolean isRight(AuthFile file, String user, String password) {
        return file.isRight(user.getBytes(StandardCharsets.ISO_8859_1), password.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void whatStandsBehindTheFirstColonIsThePassword() throws IOException {
        AuthFile file = open("alice:secret\r\nbob:pass: word\n:\n\ncarl:\u00e9");
        assertTrue(isRight(file, "alice", "secret"));
        assertTrue(isRight(file, "bob", "pass: word"));
        assertTrue(isRight(file, "", ""));
        assertTrue(isRight(file, "carl", "\u00e9"));
        assertFalse(isRight(file, "alice", "secret\r"));
        assertFalse(isRight(file, "alice", ""));
        assertFalse(isRight(file, "alices", "ecret"));
        assertFalse(isRight(file, "bob", "secret"));
    }

    @Test
    void theNinthUserDoesNotCount() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 9; i++) {
            lines.append("user").append(i).append(":secret\n");
        }
        AuthFile file = open(lines.toString());
        assertTrue(isRight(file, "user8", "secret"));
        assertFalse(isRight(file, "user9", "secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "alice:secret\nbob"})
    void aLineWithoutColonIsRefused(String text) {
        assertThrows(IOException.class, () -> open(text));
    }

    @Test
    void aLineOf255BytesIsTheLongest() throws IOException {
        open("a:" + "x".repeat(253));
        assertThrows(IOException.class, () -> open("a:" + "x".repeat(254)));
    }

    @Test
    void anEmptyFileLetsNobodyIn() throws IOException {
        assertFalse(isRight(open(""), "", ""));
    }

    @Test
    void aBrokenFileLeavesTheOldList() throws IOException {
        AuthFile file = open("alice:secret");
        Files.writeString(directory.resolve("users"), "alice:changed\nbob\n");
        file.reload();
        assertTrue(isRight(file, "alice", "secret"));
        Files.delete(directory.resolve("users"));
        file.reload();
        assertTrue(isRight(file, "alice", "secret"));
        Files.writeString(directory.resolve("users"), "alice:changed\n");
        file.reload();
        assertTrue(isRight(file, "alice", "changed"));
        assertFalse(isRight(file, "alice", "secret"));
    }
}
