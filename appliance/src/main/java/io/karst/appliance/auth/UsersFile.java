package io.karst.appliance.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A users file: one {@code name:secret} per line, the secret as {@link ScramSecret} writes it. Empty lines and lines that
 * begin with a number sign are kept and mean nothing. UTF-8.
 */
final class UsersFile {
    /** Longest name, in bytes of UTF-8. */
    static final int NAME_MAX = 255;

    private static final long LENGTH_MAX = 64L << 20;

    private final Path path;

    UsersFile(Path path) {
        this.path = path;
    }

    /**
     * Its users, by name.
     *
     * @throws IOException with one line that names the file, when it cannot be read or a line of it is wrong
     */
    Map<String, ScramSecret> read() throws IOException {
        Map<String, ScramSecret> users = new LinkedHashMap<>();
        int number = 0;
        for (String line : lines()) {
            number++;
            if (isUser(line)) {
                int colon = line.indexOf(':');
                if (colon <= 0) {
                    throw wrong(number, "no name and colon in front of a secret");
                }
                try {
                    if (users.put(line.substring(0, colon), ScramSecret.parse(line.substring(colon + 1))) != null) {
                        throw wrong(number, "the same user a second time");
                    }
                } catch (IllegalArgumentException e) {
                    throw wrong(number, String.valueOf(e.getMessage()));
                }
            }
        }
        return users;
    }

    private IOException wrong(int line, String what) {
        return new IOException(path + " line " + line + ": " + what + ". Make the line with: karst passwd");
    }

    private List<String> lines() throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + ": no such file. Make it with: karst passwd --file " + path + " NAME");
        }
        if (Files.size(path) > LENGTH_MAX) {
            throw new IOException(path + ": longer than " + LENGTH_MAX + " bytes");
        }
        // Not readAllLines: a byte that is no UTF-8 must not come with a stack trace.
        return new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static boolean isUser(String line) {
        return !line.isBlank() && !line.startsWith("#");
    }

    /**
     * Adds a user or gives one another secret. A missing file is made.
     *
     * @return whether the user is new
     */
    boolean put(String name, ScramSecret secret) throws IOException {
        List<String> lines = new ArrayList<>(Files.exists(path) ? lines() : List.of());
        int place = placeOf(lines, name);
        String line = name + ":" + secret.text();
        if (place < 0) {
            lines.add(line);
        } else {
            lines.set(place, line);
        }
        write(lines);
        return place < 0;
    }

    /**
     * Takes a user away.
     *
     * @return whether there was one
     */
    boolean remove(String name) throws IOException {
        List<String> lines = new ArrayList<>(lines());
        int place = placeOf(lines, name);
        if (place < 0) {
            return false;
        }
        lines.remove(place);
        write(lines);
        return true;
    }

    private static int placeOf(List<String> lines, String name) {
        for (int i = 0; i < lines.size(); i++) {
            if (isUser(lines.get(i)) && lines.get(i).startsWith(name + ":")) {
                return i;
            }
        }
        return -1;
    }

    /** Writes a new file beside it, readable by its owner alone, and renames it: a reader sees the old list or the new. */
    private void write(List<String> lines) throws IOException {
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException(directory + ": no such directory. Make it first, for the user of the server.");
        }
        Path fresh = Files.createTempFile(
                directory,
                ".karst-users",
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(lines.isEmpty() ? new byte[0] : bytes);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
                channel.force(true);
            }
            keepOwner(target, fresh);
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** root, who changes the server's users, leaves the file to the server. */
    private static void keepOwner(Path old, Path fresh) throws IOException {
        try {
            PosixFileAttributes before = Files.readAttributes(old, PosixFileAttributes.class);
            PosixFileAttributeView after = Files.getFileAttributeView(fresh, PosixFileAttributeView.class);
            if (!before.owner().equals(after.readAttributes().owner())) {
                after.setGroup(before.group());
                after.setOwner(before.owner());
            }
        } catch (NoSuchFileException e) {
            // A new file belongs to whoever makes it.
        }
    }
}
