package io.karst.appliance.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The committed documents say what the table says. */
final class OptionDocsTest {
    private static final Path ROOT =
            Path.of(System.getProperty("basedir", "")).toAbsolutePath().resolveSibling("");

    @TempDir
    private Path directory;

    @Test
    void committedDocumentsAreFresh() throws IOException {
        for (Map.Entry<Path, String> file : OptionDocs.files(ROOT).entrySet()) {
            String committed = Files.exists(file.getKey()) ? Files.readString(file.getKey()) : "(no file)";
            assertEquals(
                    file.getValue(),
                    committed,
                    () -> ROOT.relativize(file.getKey()) + " differs from the table in Option.java. Refresh it:\n\n    "
                            + OptionDocs.REFRESH_COMMAND + "\n");
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyOptionIsInEveryDocument(Option option) {
        String name = option.longName();
        assertTrue(MarkdownPage.reference().contains(name));
        assertTrue(ManPage.text().contains(name.replace("-", "\\-")));
        boolean hasEffect = option.support() == Support.MEMCACHED || option.support() == Support.OURS;
        assertEquals(
                hasEffect,
                MarkdownPage.table().contains(OptionText.names(option).strip() + "`"));
        assertEquals(SettingsResolver.isSetting(option), ConfigTemplate.text().contains("\n#" + name + " = "));
    }

    @Test
    void theConfigurationFileWithEveryCommentSignTakenAwayIsTheDefault() throws IOException {
        String active = ConfigTemplate.text()
                .lines()
                .map(line -> line.replaceFirst("^#(?=[a-z_-]+ = )", ""))
                .filter(line -> !line.endsWith("/path/to/file") && !line.startsWith("prefix-delimiter"))
                .filter(line -> !line.startsWith("slo_storage"))
                .collect(Collectors.joining("\n"));
        Path file = Files.writeString(directory.resolve("karst.conf"), active);
        Settings settings = StartFixture.settings("--config", file.toString());
        Settings plain = StartFixture.settings();
        assertEquals(plain.network(), settings.network());
        assertEquals(plain.memory(), settings.memory());
        assertEquals(plain.commands(), settings.commands());
        assertEquals(plain.measuring(), settings.measuring());
        assertEquals(plain.verbosity(), settings.verbosity());
        assertEquals(plain.notices(), settings.notices());
    }

    @Test
    void theReadmeKeepsEverythingOutsideTheMarks() {
        String readme = "before\n<!-- options:begin -->\nold\n<!-- options:end -->\nafter\n";
        String refreshed = OptionDocs.withTable(readme, "options", MarkdownPage.table());
        assertTrue(refreshed.startsWith("before\n<!-- options:begin -->\n| option |"));
        assertTrue(refreshed.endsWith("|\n<!-- options:end -->\nafter\n"));
        assertEquals("no marks", OptionDocs.withTable("no marks", "options", "x"));
    }

    @Test
    void helpOfCommandsFitsToo() {
        for (Subcommand command : Subcommand.values()) {
            assertTrue(
                    command.help().lines().allMatch(line -> line.length() <= 80 && line.equals(line.stripTrailing())),
                    command.help());
            assertTrue(HelpPage.text("1").contains("\n  " + command.word() + " "), command.word());
            assertTrue(CommandPages.manual().contains(".B karst " + command.word()), command.word());
        }
    }

    @Test
    void helpFitsAnEightyColumnTerminal() {
        assertTrue(
                HelpPage.text("1").lines().allMatch(line -> line.length() <= 80 && line.equals(line.stripTrailing())));
    }
}
