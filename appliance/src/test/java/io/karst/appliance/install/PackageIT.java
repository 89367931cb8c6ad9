package io.karst.appliance.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The package and its parts, as Debian's own tools see them. */
@Timeout(240)
class PackageIT {
    private static final long SIZE_MAX = 35L << 20;
    private static final Path SOURCES = Tools.inTree("packaging/src");

    @TempDir
    private Path directory;

    @Test
    void theServiceIsLockedIn() throws Exception {
        Tools.assumeTool("systemd-analyze");
        Tools.Outcome outcome = Tools.run(
                "systemd-analyze", "security", "--offline=true", "--threshold=15", SOURCES + "/deb/karst.service");
        assertEquals(0, outcome.status(), outcome.out());
    }

    @Test
    void theAppArmorProfileIsReadable() throws Exception {
        Tools.assumeTool("apparmor_parser");
        Tools.Outcome outcome =
                Tools.run("apparmor_parser", "--skip-kernel-load", "--skip-cache", SOURCES + "/deb/apparmor");
        assertEquals(0, outcome.status(), outcome.out());
    }

    @Test
    void theManualPagesAreReadable() throws Exception {
        Tools.assumeTool("groff");
        for (String page : new String[] {"karst.1", "karst.8", "karst.conf.5"}) {
            Tools.Outcome outcome = Tools.run(
                    "groff",
                    "-man",
                    "-Tutf8",
                    "-ww",
                    "-z",
                    SOURCES.resolve(page).toString());
            assertEquals(new Tools.Outcome(0, ""), outcome, page);
        }
    }

    @Test
    void bashCompletesOptionsCommandsAndSubOptions() throws Exception {
        assertEquals("--memory-limit", completed("--mem", "karst", 1));
        assertEquals("passwd", completed("pass", "karst", 1));
        assertEquals("doctor", completed("doc", "karst", 1));
        assertEquals("--pidfile --port --prefix-delimiter --protocol", sorted(completed("--p", "-v", 2)));
        assertEquals("", completed("pass", "-v", 2));
        assertEquals("eviction", completed("evi", "-o", 2));
        assertEquals("latency", completedBehind("stats", "lat"));
        assertEquals("--exptime", completedBehind("set", "--exp"));
        assertEquals("--memory-limit", completedBehind("serve", "--mem"));
        assertEquals("locate", completedBehind("ring", "loc"));
    }

    private static String sorted(String words) {
        return Stream.of(words.split(" ")).sorted().collect(Collectors.joining(" "));
    }

    /** What bash offers for a word that stands behind another one. */
    private static String completed(String word, String before, int place) throws Exception {
        Tools.Outcome outcome = Tools.run(
                "bash",
                "-c",
                "compopt() { :; }; . \"$0\"; COMP_CWORD=" + place + "; _karst karst " + word + " " + before
                        + "; echo ${COMPREPLY[@]}",
                SOURCES.resolve("karst.bash-completion").toString());
        assertEquals(0, outcome.status(), outcome.out());
        return outcome.out().strip();
    }

    /** What bash offers for a word behind a command. */
    private static String completedBehind(String command, String word) throws Exception {
        Tools.Outcome outcome = Tools.run(
                "bash",
                "-c",
                "compopt() { :; }; . \"$0\"; COMP_WORDS=(karst " + command + " " + word
                        + "); COMP_CWORD=2; _karst karst " + word + " " + command + "; echo ${COMPREPLY[@]}",
                SOURCES.resolve("karst.bash-completion").toString());
        assertEquals(0, outcome.status(), outcome.out());
        return outcome.out().strip();
    }

    @Test
    @Tag("slow")
    void lintianFindsNothingThatIsNotExplained() throws Exception {
        Tools.assumeTool("lintian");
        Path deb = DebianPackage.built();
        Tools.Outcome outcome = Tools.run("lintian", "--fail-on=error,warning", "--allow-root", deb.toString());
        assertEquals(new Tools.Outcome(0, ""), outcome);
    }

    @Test
    @Tag("slow")
    void thePackageIsSmallAndHasWhatAnOperatorLooksFor() throws Exception {
        Tools.assumeTool("dpkg-deb");
        Path deb = DebianPackage.built();
        assertTrue(Files.size(deb) <= SIZE_MAX, Files.size(deb) + " bytes");
        String files = Tools.run("dpkg-deb", "-c", deb.toString()).out();
        for (String file : new String[] {
            "/usr/bin/karst",
            "/lib/systemd/system/karst.service",
            "/etc/karst/karst.conf",
            "/etc/default/karst",
            "/usr/share/man/man1/karst.1.gz",
            "/usr/share/man/man5/karst.conf.5.gz",
            "/usr/share/man/man8/karst.8.gz",
            "/usr/share/bash-completion/completions/karst",
            "/usr/lib/sysctl.d/30-karst.conf",
            "/etc/security/limits.d/karst.conf",
            "/etc/apparmor.d/usr.lib.karst",
            "/usr/share/doc/karst/copyright",
            "/usr/share/doc/karst/changelog.Debian.gz"
        }) {
            assertTrue(files.contains("." + file + "\n"), file + " is not in\n" + files);
        }
    }

    @Test
    @Tag("slow")
    void theSameJarsMakeTheSameFilesAgain() throws Exception {
        DebianPackage.built();
        Path made = Tools.inTree("packaging/target/deb");
        List<String> words = new ArrayList<>(Files.readAllLines(made.resolve("arguments")));
        words.add(0, SOURCES + "/deb/assemble");
        words.set(3, directory.resolve("deb").toString());
        Tools.Outcome outcome = Tools.run(words);
        assertEquals(0, outcome.status(), outcome.out());
        assertEquals(-1, Files.mismatch(made.resolve("root.tar"), directory.resolve("deb/root.tar")));
    }
}
