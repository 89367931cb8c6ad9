package io.karst.appliance.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code karst passwd}, with the password on stdin. */
class PasswdCommandTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("users");
    }

    private int run(String input, String... words) {
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return new PasswdCommand(in, null, to, to).execute(List.of(words));
    }

    private int runWithFile(String input, String... words) {
        return run(
                input,
                Stream.concat(Stream.of("--file=" + file), Stream.of(words)).toArray(String[]::new));
    }

    private boolean isRight(String name, String password) throws IOException {
        return Objects.requireNonNull(new UsersFile(file).read().get(name))
                .isOf(password.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void addsChangesAndDeletes() throws IOException {
        assertEquals(0, run("secret\n", "--file", file.toString(), "alice"));
        assertEquals(0, runWithFile("other", "bob"));
        assertEquals(0, runWithFile("new secret\r\nand more", "alice"));
        assertEquals(Set.of("alice", "bob"), new UsersFile(file).read().keySet());
        assertTrue(isRight("alice", "new secret"));
        assertTrue(isRight("bob", "other"));
        assertEquals(0, runWithFile("", "--delete", "alice"));
        assertEquals(Set.of("bob"), new UsersFile(file).read().keySet());
        assertEquals(
                "user alice added\nuser bob added\nuser alice changed\nuser alice deleted\n",
                said.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theFileIsItsOwnersAloneAndNothingIsLeftBeside() throws IOException {
        Files.writeString(file, "# ours\n\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        runWithFile("secret", "alice");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(List.of(file), left.toList());
        }
        assertTrue(Files.readString(file).startsWith("# ours\n\nalice:SCRAM-SHA-256$4096:"));
    }

    @Test
    void theSamePasswordTwiceIsTwoSecrets() throws IOException {
        runWithFile("secret", "alice");
        runWithFile("secret", "bob");
        List<String> secrets = new UsersFile(file)
                .read().values().stream().map(ScramSecret::text).toList();
        assertFalse(secrets.get(0).equals(secrets.get(1)));
    }

    @Test
    void aNameIsKeptInItsPreparedForm() throws IOException {
        runWithFile("secret", "Mu\u0308ller");
        assertEquals(Set.of("M\u00fcller"), new UsersFile(file).read().keySet());
    }

    @Test
    void aLinkedFileStaysALink() throws IOException {
        Path real = directory.resolve("real");
        Files.createFile(real);
        Files.createSymbolicLink(file, real);
        assertEquals(0, runWithFile("secret", "alice"));
        assertTrue(Files.isSymbolicLink(file));
        assertEquals(Set.of("alice"), new UsersFile(real).read().keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "#x", "a:b", "a\tb", "-x", "--file"})
    void aWrongNameIsRefused(String name) {
        assertEquals(64, runWithFile("secret", name));
        assertFalse(Files.exists(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\nsecret", "a\u0007b"})
    void aWrongPasswordIsRefused(String password) {
        assertEquals(64, runWithFile(password, "alice"));
        assertFalse(Files.exists(file));
    }

    @Test
    void twoNamesAreRefused() {
        assertEquals(64, runWithFile("secret", "alice", "bob"));
        assertEquals(64, runWithFile("secret"));
    }

    @Test
    void deletingNobodySaysSo() {
        assertEquals(71, runWithFile("", "--delete", "alice"));
        runWithFile("secret", "bob");
        assertEquals(71, runWithFile("", "--delete", "alice"));
    }

    @Test
    void aMissingDirectoryIsOneLine() {
        assertEquals(71, run("secret", "--file", "/nosuch/users", "alice"));
        assertEquals(
                "karst passwd: /nosuch: no such directory. Make it first, for the user of the server.\n",
                said.toString(StandardCharsets.UTF_8));
    }
}
