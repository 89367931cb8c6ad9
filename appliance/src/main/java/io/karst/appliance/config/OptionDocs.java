package io.karst.appliance.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the documents that are made from the {@link Option} and {@link Subcommand} tables: {@link #REFRESH_COMMAND} does it from the top of the
 * repository. They are committed, and {@code OptionDocsTest} fails while they differ.
 */
public final class OptionDocs {
    /** The command that writes them anew. */
    public static final String REFRESH_COMMAND = "mvn -q -pl appliance -am compile"
            + " && java -cp appliance/target/classes io.karst.appliance.config.OptionDocs .";

    private static final String README = "README.md";

    private OptionDocs() {}

    /** Writes the files below the directory that the first argument names. */
    public static void main(String[] arguments) throws IOException {
        Path root = Path.of(arguments.length == 0 ? "." : arguments[0]);
        for (Map.Entry<Path, String> file : files(root).entrySet()) {
            Files.createDirectories(file.getKey().toAbsolutePath().getParent());
            Files.writeString(file.getKey(), file.getValue());
        }
    }

    /** Each file below {@code root} with the content it should have. */
    static Map<Path, String> files(Path root) throws IOException {
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(root.resolve("docs/operate/options.md"), MarkdownPage.reference());
        files.put(root.resolve("packaging/src/karst.conf"), ConfigTemplate.text());
        files.put(root.resolve("docs/operate/commands.md"), CommandPages.reference());
        files.put(root.resolve("packaging/src/karst.1"), ManPage.text());
        files.put(root.resolve("packaging/src/karst.8"), CommandPages.manual());
        files.put(root.resolve("packaging/src/karst.conf.5"), ConfigManPage.text());
        files.put(root.resolve("packaging/src/karst.bash-completion"), BashCompletion.text());
        Path readme = root.resolve(README);
        if (Files.exists(readme)) {
            String withOptions = withTable(Files.readString(readme), "options", MarkdownPage.table());
            files.put(readme, withTable(withOptions, "commands", CommandPages.table()));
        }
        return files;
    }

    /** {@code readme} with a table between its two marks; without marks it stays as it is. */
    static String withTable(String readme, String name, String table) {
        String beginMark = "<!-- " + name + ":begin -->\n";
        int begin = readme.indexOf(beginMark);
        int end = readme.indexOf("<!-- " + name + ":end -->");
        return begin < 0 || end < begin
                ? readme
                : readme.substring(0, begin + beginMark.length()) + table + readme.substring(end);
    }
}
