package io.karst.tuning.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of a machine below a root directory, {@code /} or one that looks like it. Whatever cannot be read is absent,
 * never an error: containers hide much.
 */
final class Host {
    private static final int TEXT_MAX = 1 << 20;
    private static final String MAIN = "io.karst.appliance.Main";

    private final Path root;
    private final String process;

    Host(Path root) {
        this.root = root;
        this.process = serverProcess().orElse("self");
    }

    /** The content, at most 1 MiB of it, without the last line's end; empty when it cannot be read. */
    String text(String path) {
        ByteBuffer bytes = ByteBuffer.allocate(TEXT_MAX);
        // Not Files.readString: a file below /proc/sys ends behind the first read, and that one reads a single byte
        // first.
        try (SeekableByteChannel file = Files.newByteChannel(root.resolve(path))) {
            while (file.read(bytes) > 0) {}
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    List<String> lines(String path) {
        String text = text(path);
        return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    }

    /** A file that is one number. */
    OptionalLong number(String path) {
        return numberIn(text(path));
    }

    /** {@link ProcTable#row} of a file. */
    OptionalLong row(String path, String name) {
        return ProcTable.row(lines(path), name);
    }

    /** A number of {@code /proc/net/snmp} and its like, where one line has the names and the next one the numbers. */
    OptionalLong counter(String path, String group, String name) {
        List<String> lines = lines(path);
        for (int i = 0; i + 1 < lines.size(); i++) {
            int place = List.of(lines.get(i).split(" ")).indexOf(name);
            if (lines.get(i).startsWith(group + ":") && place > 0) {
                String[] numbers = lines.get(i + 1).split(" ");
                return place < numbers.length ? numberIn(numbers[place]) : OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    /** Names in a directory that match, sorted. */
    List<String> names(String directory, String pattern) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(directory))) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.matches(pattern)) {
                    names.add(name);
                }
            }
        } catch (IOException e) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

    /** The word in brackets: {@code always [madvise] never}. */
    String chosen(String path) {
        Matcher brackets = Pattern.compile("\\[(\\S+)]").matcher(text(path));
        return brackets.find() ? brackets.group(1) : "";
    }

    /** A file of the running server's in /proc; of this process when no server runs. */
    String ofServer(String file) {
        return "proc/" + process + "/" + file;
    }

    /** Whether a server runs. */
    boolean hasServer() {
        return !process.equals("self");
    }

    private Optional<String> serverProcess() {
        return names("proc", "[0-9]+").stream()
                .filter(pid -> isServer(text("proc/" + pid + "/cmdline").split("\0")))
                .findFirst();
    }

    // Commands such as doctor have a word behind the class, a server has options or nothing.
    private static boolean isServer(String[] words) {
        int main = List.of(words).indexOf(MAIN);
        return main > 0 && (main + 1 == words.length || words[main + 1].startsWith("-"));
    }

    /** The narrowest value of a control group's file, of this group and those around it; version 2, or 1 by its mount. */
    OptionalLong groupMinimum(String file, String controller, String oldFile) {
        OptionalLong least = OptionalLong.empty();
        for (ControlGroup group : groups(controller)) {
            OptionalLong value = numberIn(text(group.directory() + "/" + (group.isOld() ? oldFile : file))
                    .split("\\s")[0]);
            if (value.isPresent() && (least.isEmpty() || value.getAsLong() < least.getAsLong())) {
                least = value;
            }
        }
        return least;
    }

    /** The server's control group and all above it. */
    List<ControlGroup> groups(String controller) {
        return ControlGroup.around(lines(ofServer("cgroup")), controller);
    }

    static OptionalLong numberIn(String text) {
        return text.matches("-?[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }
}
