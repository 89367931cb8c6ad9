package io.karst.appliance.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The users file while the server runs. */
class UsersTest {
    private static final String KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void makeFile() throws IOException {
        path = directory.resolve("users");
        put("alice", "secret");
    }

    private void put(String name, String password) throws IOException {
        new UsersFile(path).put(name, ScramSecret.of(bytes(password)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aChangedFileCountsFromTheNextLookOn() throws IOException {
        Users users = new Users(path);
        assertTrue(users.find("alice").verify(bytes("secret")));
        put("alice", "changed");
        put("bob", "builder");
        assertTrue(users.find("alice").verify(bytes("secret")));
        users.reloadIfChanged();
        assertFalse(users.find("alice").verify(bytes("secret")));
        assertTrue(users.find("alice").verify(bytes("changed")));
        assertTrue(users.find("bob").verify(bytes("builder")));
    }

    @Test
    void aBrokenFileLeavesTheOldList() throws IOException {
        Users users = new Users(path);
        Files.writeString(path, "alice:hunter2\n");
        users.reload();
        assertTrue(users.find("alice").verify(bytes("secret")));
        Files.delete(path);
        users.reloadIfChanged();
        assertTrue(users.find("alice").verify(bytes("secret")));
        put("alice", "back");
        users.reloadIfChanged();
        assertTrue(users.find("alice").verify(bytes("back")));
    }

    @Test
    void aRightPasswordIsRememberedAndNoOther() throws IOException {
        User alice = new Users(path).find("alice");
        assertFalse(alice.isKnownRight(bytes("secret")));
        alice.verify(bytes("wrong"));
        assertFalse(alice.isKnownRight(bytes("wrong")));
        alice.verify(bytes("secret"));
        assertTrue(alice.isKnownRight(bytes("secret")));
        assertFalse(alice.isKnownRight(bytes("secret2")));
        assertFalse(alice.isKnownRight(new byte[0]));
    }

    @Test
    void nobodyHasNoPassword() throws IOException {
        User nobody = new Users(path).find("nobody");
        assertFalse(nobody.verify(bytes("secret")));
        assertFalse(nobody.isKnownRight(bytes("secret")));
        assertEquals(ScramSecret.DEFAULT_ITERATIONS, nobody.secret().iterations());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice",
                ":SCRAM-SHA-256$4096:AAAA$" + KEY + ":" + KEY,
                "alice:hunter2",
                "alice:SCRAM-SHA-256$4095:AAAA$" + KEY + ":" + KEY,
                "alice:SCRAM-SHA-256$9999999:AAAA$" + KEY + ":" + KEY,
                "alice:SCRAM-SHA-256$4096:AAAA$AAAA:" + KEY,
                "alice:SCRAM-SHA-256$4096:A*AA$" + KEY + ":" + KEY,
                "alice:SCRAM-SHA-1$4096:AAAA$" + KEY + ":" + KEY,
                "bob:SCRAM-SHA-256$4096:AAAA$" + KEY + ":" + KEY + "\nbob:SCRAM-SHA-256$4096:AAAA$" + KEY + ":" + KEY
            })
    void aWrongLineIsRefusedByItsNumberWithoutItsText(String lines) throws IOException {
        Files.writeString(path, "# comment\n\n" + lines + "\n");
        String message = String.valueOf(
                assertThrows(IOException.class, () -> new Users(path)).getMessage());
        assertTrue(message.matches(path + " line [34]: .* Make the line with: karst passwd"), message);
        assertFalse(message.contains("hunter2"), message);
    }
}
