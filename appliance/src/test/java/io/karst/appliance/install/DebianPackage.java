package io.karst.appliance.install;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The package that {@code mvn -Ppackage} has left in packaging/target. */
final class DebianPackage {
    private DebianPackage() {}

    /** It, or a skipped test. */
    static Path built() throws IOException {
        Path target = Tools.inTree("packaging/target");
        if (Files.isDirectory(target)) {
            try (Stream<Path> files = Files.list(target)) {
                List<Path> packages = files.filter(file -> file.toString().endsWith("_amd64.deb"))
                        .toList();
                if (!packages.isEmpty()) {
                    return packages.get(0);
                }
            }
        }
        assumeTrue(false, "no packaging/target/*.deb here, which mvn -Ppackage makes");
        throw new AssertionError();
    }
}
