package io.karst.appliance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.config.Subcommand;
import io.karst.appliance.fixture.KarstServer;
import io.karst.appliance.fixture.ServerProcess;
import io.karst.appliance.fixture.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The process, as a shell starts it: words, exit statuses, pipes and a terminal. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CommandLineIT {
    @TempDir
    private Path directory;

    private static Tools.Outcome karst(String input, String... words) throws Exception {
        return Tools.run(ServerProcess.karstCommand(List.of(), words), Map.of(), input);
    }

    @Test
    void anItemThereAndBackAndAStatusForScripts() throws Exception {
        try (KarstServer server = KarstServer.start()) {
            String at = "--server=127.0.0.1:" + server.port();
            assertEquals(new Tools.Outcome(0, ""), karst("from a pipe\n", "set", "k", at));
            assertEquals(new Tools.Outcome(0, "from a pipe\n"), karst("", "get", "k", at));
            assertEquals(new Tools.Outcome(1, "karst: \"none\": not found\n"), karst("", "get", "none", at));
        }
    }

    @Test
    void aReaderThatHasSeenEnoughIsNoFailure() throws Exception {
        try (KarstServer server = KarstServer.start()) {
            List<String> command =
                    ServerProcess.karstCommand(List.of(), "top", "127.0.0.1:" + server.port(), "-i", "0.1");
            Tools.Outcome outcome =
                    Tools.run("sh", "-c", "{ '" + String.join("' '", command) + "'; echo $? >&2; } | head -n 1");
            assertEquals(
                    List.of("gets/s", "0"),
                    outcome.out()
                            .lines()
                            .map(line -> line.strip().split(" ")[0])
                            .toList());
        }
    }

    @Test
    void wordsThatAreNoCommand() throws Exception {
        assertEquals(
                new Tools.Outcome(64, "karst: \"nonsense\": not a command. karst help lists them.\n"),
                karst("", "nonsense"));
        assertEquals(69, karst("", "stats", "127.0.0.1:1").status());
    }

    @Test
    void serveIsWhatKarstDoesWithoutACommand() throws Exception {
        assertEquals(64, karst("", "serve", "--nonsense").status());
        Tools.Outcome help = karst("", "serve", "--help");
        assertEquals(0, help.status());
        assertTrue(help.out().contains("--memory-limit"), help.out());
    }

    @Test
    void commandsThatAskNoServerTellWhatTheyTake() throws Exception {
        for (Subcommand command :
                EnumSet.of(Subcommand.PASSWD, Subcommand.WARM, Subcommand.DOCTOR, Subcommand.PLAN, Subcommand.RING)) {
            Tools.Outcome help = karst("", command.word(), "--help");
            assertEquals(0, help.status(), help.out());
            assertTrue(help.out().toLowerCase(Locale.ROOT).contains("usage: karst"), help.out());
        }
    }

    /** The words -d and -u mean something to the launcher only when a server is meant. */
    @Test
    void theLauncherLeavesTheWordsOfCommandsAlone() throws Exception {
        List<String> words = new ArrayList<>(List.of(ServerProcess.launcher().toString()));
        words.addAll(ServerProcess.karstCommand(List.of(), "get", "--user", "nobody", "-d"));
        Tools.Outcome outcome = Tools.run(words);
        assertEquals(64, outcome.status(), outcome.out());
        assertTrue(outcome.out().startsWith("karst: get: Unknown option"), outcome.out());
    }

    @Test
    void topOnATerminalQuitsWithQAndGivesTheTerminalBack() throws Exception {
        Tools.Outcome outcome = topOnATerminal("q", 1);
        assertEquals(0, outcome.status(), outcome.out());
        String shown = outcome.out();
        assertTrue(shown.contains("\u001b[?1049h"), shown);
        assertTrue(shown.contains("hit ratio"), shown);
        assertTrue(shown.indexOf("\u001b[?1049l") > shown.indexOf("hit ratio"), shown);
        assertTrue(shown.contains("ended"), shown);
        assertEquals(Files.readString(directory.resolve("before")), Files.readString(directory.resolve("after")));
        assertFalse(Files.readString(directory.resolve("before")).isEmpty());
    }

    @Test
    void topThatIsInterruptedGivesTheTerminalBack() throws Exception {
        assertTrue(topOnATerminal("\\003", 2).out().contains("\u001b[?1049l"));
        assertEquals(Files.readString(directory.resolve("before")), Files.readString(directory.resolve("after")));
    }

    /** Runs it until a key is pressed, once something is on the screen; what was on it, and the terminal's settings in files. */
    private Tools.Outcome topOnATerminal(String key, int secondsAfter) throws Exception {
        Tools.assumeTool("script");
        Tools.assumeTool("perl");
        Tools.assumeTool("stty");
        try (KarstServer server = KarstServer.start()) {
            List<String> command =
                    ServerProcess.karstCommand(List.of(), "top", "127.0.0.1:" + server.port(), "-i", "0.2");
            Path start = Files.writeString(
                    directory.resolve("start"),
                    "trap : INT\nstty -g >" + directory + "/before\n'" + String.join("' '", command)
                            + "' && echo ended\nstty -g >" + directory + "/after\n");
            Path screen = directory.resolve("screen");
            Path keys = Files.writeString(
                    directory.resolve("keys"),
                    "until grep -q 'hit ratio' '" + screen + "' 2>/dev/null; do sleep 0.1; done; printf '" + key
                            + "'; sleep " + secondsAfter + "\n");
            // What runs in the background of a script has SIGINT ignored, and so have its children, Java too; perl
            // undoes that.
            Tools.Outcome outcome = Tools.run(
                    "sh",
                    "-c",
                    "sh '" + keys + "' | perl -e '$SIG{INT} = q(DEFAULT); exec @ARGV' script -qefc 'sh " + start + "' '"
                            + screen + "' >/dev/null");
            return new Tools.Outcome(outcome.status(), Files.readString(screen));
        }
    }
}
