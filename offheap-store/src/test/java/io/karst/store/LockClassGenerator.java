package io.karst.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import net.openhft.chronicle.hash.VanillaGlobalMutableState;
import net.openhft.chronicle.values.Values;

/**
 * Makes, at build time, the class that Chronicle Map would otherwise generate and compile whenever a map is opened, and
 * one that lets it open maps in a runtime without the module jdk.compiler.
 *
 * <p>A compiler inside the server costs half a second or more of every start and 22 MB of memory, and needs a JDK
 * where a runtime would do. Chronicle looks for the class by name before it generates one, so having it on the class path
 * is enough. Its source is Chronicle's own output for the version we depend on, never ours to keep.
 *
 * <p>The second class is {@code com.sun.tools.javac.api.JavacTool}. Chronicle's compiler library looks for it in a static
 * initialiser when there is no system compiler, and fails hard if it is not there, although nothing gets compiled. Ours
 * answers that there is no compiler. Where jdk.compiler is in the runtime its own class is found first.
 */
public final class LockClassGenerator {
    private static final String CLASS_NAME = VanillaGlobalMutableState.class.getName() + "$$Native";

    private static final String JAVAC_TOOL = "com.sun.tools.javac.api.JavacTool";
    private static final String JAVAC_TOOL_SOURCE = """
            package com.sun.tools.javac.api;

            public final class JavacTool {
                private JavacTool() {}

                public static javax.tools.JavaCompiler create() {
                    return null;
                }
            }
            """;

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
        Path sources = Path.of(args[1]);
        // Without --limit-modules javac refuses to put a class into a package that jdk.compiler has.
        compile(
                JAVAC_TOOL,
                JAVAC_TOOL_SOURCE,
                sources,
                List.of("-source", "17", "-target", "17", "-Xlint:-options", "--limit-modules", "java.compiler"),
                args[0]);
        compile(CLASS_NAME, generatedSource(), sources, List.of("--release", "17"), args[0]);
    }

    private static void compile(String name, String text, Path sources, List<String> mode, String classes)
            throws IOException {
        Path source = sources.resolve(name.replace('.', '/') + ".java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, text);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = new ArrayList<>(mode);
        options.addAll(List.of("-nowarn", "-proc:none", "-d", classes));
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
