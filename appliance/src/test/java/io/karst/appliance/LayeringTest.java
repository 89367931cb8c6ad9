package io.karst.appliance;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.karst.protocol.layering.KnowsTuning;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The arrows of ARCHITECTURE.md, checked on the compiled classes: who may know whom.
 *
 * <p>Maven already keeps a module from importing one it does not depend on. This test also holds the packages inside a
 * module apart (the ring ships without replication), and fails when somebody adds the Maven dependency.
 */
class LayeringTest {
    /** Each package under io.karst, and the ones it may know besides itself. */
    private static final Map<String, Set<String>> MAY_KNOW = Map.of(
            "eviction", Set.of(),
            "store", Set.of("eviction"),
            "protocol", Set.of(),
            "ring", Set.of(),
            "replication", Set.of("ring"),
            "tuning", Set.of(),
            "appliance", Set.of("eviction", "store", "protocol", "ring", "replication", "tuning"),
            "bench", Set.of("eviction", "store", "protocol", "ring", "replication", "tuning", "appliance"));

    private final JavaClasses karst = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.karst");

    @Test
    void packagesKnowOnlyWhatTheArrowsAllow() {
        assertFalse(karst.isEmpty(), "no class found: the test would pass on anything");
        MAY_KNOW.keySet().forEach(name -> onlyKnowsAllowed(name).check(karst));
    }

    @Test
    void everyPackageIsOnTheDrawing() {
        classes()
                .should()
                .resideInAnyPackage(patterns(MAY_KNOW.keySet()))
                .because("a new package needs a row here and a box in ARCHITECTURE.md")
                .check(karst);
    }

    @Test
    void ringUsesTheJdkAlone() {
        classes()
                .that()
                .resideInAPackage("io.karst.ring..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.karst.ring..", "java..", "org.jspecify..")
                .because("it ships to clients without its neighbours")
                .check(karst);
    }

    @Test
    void storeKnowsNoNetworkAndProtocolNoMap() {
        noClasses()
                .that()
                .resideInAnyPackage("io.karst.store..", "io.karst.eviction..", "io.karst.tuning..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty..")
                .allowEmptyShould(true)
                .check(karst);
        noClasses()
                .that()
                .resideInAnyPackage("io.karst.protocol..", "io.karst.eviction..", "io.karst.tuning..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.openhft..")
                .allowEmptyShould(true)
                .check(karst);
    }

    @Test
    void anArrowThatIsNotDrawnIsReported() {
        JavaClasses wrong = new ClassFileImporter().importClasses(KnowsTuning.class);
        assertTrue(onlyKnowsAllowed("protocol").evaluate(wrong).hasViolation());
    }

    private static ArchRule onlyKnowsAllowed(String name) {
        Set<String> forbidden = new TreeSet<>(MAY_KNOW.keySet());
        forbidden.remove(name);
        forbidden.removeAll(MAY_KNOW.getOrDefault(name, Set.of()));
        return noClasses()
                .that()
                .resideInAPackage("io.karst." + name + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(patterns(forbidden))
                .allowEmptyShould(true);
    }

    private static String[] patterns(Set<String> names) {
        return names.stream().map(name -> "io.karst." + name + "..").toArray(String[]::new);
    }
}
