package io.karst.appliance.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** RFC 4013, section 3, and what names of people need. */
class SaslprepTest {
    @Test
    void examplesOfTheRfc() {
        assertEquals(Optional.of("IX"), Saslprep.prepare("I\u00adX"));
        assertEquals(Optional.of("user"), Saslprep.prepare("user"));
        assertEquals(Optional.of("USER"), Saslprep.prepare("USER"));
        assertEquals(Optional.of("a"), Saslprep.prepare("\u00aa"));
        assertEquals(Optional.of("IX"), Saslprep.prepare("\u2168"));
        assertEquals(Optional.empty(), Saslprep.prepare("\u0007"));
        assertEquals(Optional.empty(), Saslprep.prepare("\u06271"));
    }

    @Test
    void anUmlautIsTheSameInOneCharacterOrTwo() {
        assertEquals(Saslprep.prepare("M\u00fcller"), Saslprep.prepare("Mu\u0308ller"));
    }

    @Test
    void everySpaceIsASpace() {
        assertEquals(Optional.of("a b"), Saslprep.prepare("a\u00a0b"));
    }

    @Test
    void rightToLeftNamesAreNames() {
        assertEquals(Optional.of("\u0627\u0628"), Saslprep.prepare("\u0627\u0628"));
        assertEquals(Optional.empty(), Saslprep.prepare("\u0627a\u0628"));
    }

    @Test
    void halfASurrogateIsNoName() {
        assertEquals(Optional.empty(), Saslprep.prepare("a\ud800"));
    }
}
