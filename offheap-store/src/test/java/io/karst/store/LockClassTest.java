package io.karst.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import net.openhft.chronicle.hash.VanillaGlobalMutableState;
import net.openhft.chronicle.values.Values;
import org.junit.jupiter.api.Test;

class LockClassTest {
    @Test
    void chronicleFindsTheClassMadeAtBuildTime() {
        Class<?> found = Values.nativeClassFor(VanillaGlobalMutableState.class);
        // A class that Chronicle compiles itself has no code source, or not the one of our module.
        assertEquals(
                ItemStore.class.getProtectionDomain().getCodeSource(),
                found.getProtectionDomain().getCodeSource());
    }
}
