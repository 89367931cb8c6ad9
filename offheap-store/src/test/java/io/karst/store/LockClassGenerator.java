package io.karst.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import net.openhft.chronicle.hash.VanillaGlobalMutableState;
import net.openhft.chronicle.values.Values;

/**
 * Makes, at build time, the class that Chronicle Map would otherwise generate and compile whenever a map is opened.
 *
 * <p>A compiler inside the server costs half a second or more of every start and 22 MB of memory, and needs a JDK
 * where a runtime would do. Chronicle looks for the class by name before it generates one, so having it on the class path
 * is enough. Its source is Chronicle's own output for the version we depend on, never ours to keep.
 */
public final class LockClassGenerator {
    private static final String CLASS_NAME = VanillaGlobalMutableState.class.getName() + "$$Native";

    private LockClassGenerator() {}

    /** The class file below a directory of classes. */
    static Path classFile(Path classes) {
        return classes.resolve(CLASS_NAME.replace('.', '/') + ".class");
    }

    /** Writes the class into the directory given as the first argument, with the source in the second, unless it is there. */
    public static void main(String[] args) throws IOException {
        Path classes = Path.of(args[0]);
        if (Files.exists(classFile(classes))) {
            return;
        }
        Path source = Path.of(args[1]).resolve(CLASS_NAME.replace('.', '/') + ".java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, generatedSource());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of("--release", "17", "-nowarn", "-proc:none", "-d", args[0]);
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(source))
                    .call();
            if (!compiled) {
                throw new IllegalStateException("javac refused " + source);
            }
        }
    }

    /** What Chronicle prints when it is asked to show the code it generates, from the package line on. */
    private static String generatedSource() {
        System.setProperty("chronicle.values.dumpCode", "true");
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            Values.nativeClassFor(VanillaGlobalMutableState.class);
        } finally {
            System.setOut(console);
        }
        String text = printed.toString(StandardCharsets.UTF_8);
        int start = text.indexOf("package ");
        if (start < 0) {
            throw new IllegalStateException("Chronicle printed no source for " + CLASS_NAME + " but: " + text);
        }
        return text.substring(start);
    }
}
