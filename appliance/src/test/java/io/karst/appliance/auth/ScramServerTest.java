package io.karst.appliance.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example of RFC 7677, section 3, and what is not it. */
class ScramServerTest {
    private static final String SERVER_NONCE = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String CLIENT_FIRST = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
    private static final String SERVER_FIRST =
            "r=rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private static final String WITHOUT_PROOF = "c=biws,r=rOprNGfwEbeRWgbNEkqO" + SERVER_NONCE;
    private static final String PROOF = ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
    private static final String SERVER_FINAL = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    @TempDir
    Path directory;

    private Path file;
    private ScramServer server;

    @BeforeEach
    void makeUsers() throws IOException {
        file = directory.resolve("users");
        byte[] salt = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");
        new UsersFile(file).put("user", ScramSecret.of(bytes("pencil"), salt, 4096));
        new UsersFile(file).put("a,b=c", ScramSecret.of(bytes("pencil"), salt, 4096));
        server = new ScramServer(new Users(file), SERVER_NONCE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theExampleOfTheRfc() {
        assertEquals(SERVER_FIRST, server.challenge(bytes(CLIENT_FIRST)));
        assertEquals(SERVER_FINAL, server.verify(bytes(WITHOUT_PROOF + PROOF)));
    }

    @Test
    void aProofCountsOnce() {
        server.challenge(bytes(CLIENT_FIRST));
        assertEquals(SERVER_FINAL, server.verify(bytes(WITHOUT_PROOF + PROOF)));
        assertNull(server.verify(bytes(WITHOUT_PROOF + PROOF)));
    }

    @Test
    void aProofWithoutAChallengeIsNone() {
        assertNull(server.verify(bytes(WITHOUT_PROOF + PROOF)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k1,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzb",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=%%%",
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
                ""
            })
    void anotherProofFails(String clientFinal) {
        server.challenge(bytes(CLIENT_FIRST));
        assertNull(server.verify(bytes(clientFinal)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n,,n=user",
                "n,,r=abc",
                "n,,n=,r=abc",
                "p=tls-unique,,n=user,r=abc",
                "n,a=other,n=user,r=abc",
                "n,,m=ext,n=user,r=abc",
                "n,,n=us=er,r=abc",
                "n,,n=user,r=a bc",
                "x,,n=user,r=abc"
            })
    void whatIsNoFirstMessageHasNoChallenge(String clientFirst) {
        assertNull(server.challenge(bytes(clientFirst)));
    }

    @Test
    void bytesThatAreNoUtf8AreNoMessage() {
        byte[] message = bytes(CLIENT_FIRST);
        message[6] = (byte) 0xff;
        assertNull(server.challenge(message));
    }

    @Test
    void commasAndEqualsSignsInNamesAreEscaped() {
        assertEquals(
                "r=abc" + SERVER_NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
                server.challenge(bytes("n,a=a=2Cb=3Dc,n=a=2Cb=3Dc,r=abc")));
    }

    @Test
    void anUnknownUserIsAskedAsIfThereWereOneAndAlwaysAlike() throws IOException {
        Users users = new Users(file);
        String first = new ScramServer(users, "x").challenge(bytes("n,,n=nobody,r=abc"));
        String second = new ScramServer(users, "x").challenge(bytes("n,,n=nobody,r=abc"));
        String other = new ScramServer(users, "x").challenge(bytes("n,,n=nobody2,r=abc"));
        assertEquals(first, second);
        assertNotEquals(first, other);
        assertTrue(String.valueOf(first).matches("r=abcx,s=[A-Za-z0-9+/]{22}==,i=4096"), first);
    }

    @Test
    void longInputNeedsNoDeepStack() {
        server.challenge(bytes(CLIENT_FIRST));
        assertNull(server.verify(bytes(WITHOUT_PROOF + ",x=".repeat(100_000))));
        assertNull(server.challenge(bytes(CLIENT_FIRST + ",x=".repeat(100_000) + ",")));
    }
}
