package io.karst.appliance.auth;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The users as the file last had them. Thread-safe: lookups from any loop, reloading from one thread at a time. A file
 * that has become unreadable or wrong leaves the users as they were, with one line in the log per change of the file.
 */
final class Users {
    private static final System.Logger LOGGER = System.getLogger(Users.class.getName());

    private final UsersFile file;
    private final Path path;
    private final byte[] decoyKey = new byte[Hashes.LENGTH];
    private FileStamp stamp;
    private volatile Map<String, User> users;
    private volatile int decoyIterations = ScramSecret.DEFAULT_ITERATIONS;

    /**
     * Reads the file.
     *
     * @throws IOException with one line for the operator, when it cannot be read
     */
    Users(Path path) throws IOException {
        this.path = path;
        this.file = new UsersFile(path);
        new SecureRandom().nextBytes(decoyKey);
        this.stamp = FileStamp.of(path);
        this.users = indexed(file.read());
    }

    private Map<String, User> indexed(Map<String, ScramSecret> secrets) {
        Map<String, User> index = new HashMap<>();
        int iterations = ScramSecret.DEFAULT_ITERATIONS;
        for (Map.Entry<String, ScramSecret> entry : secrets.entrySet()) {
            index.put(entry.getKey(), new User(entry.getValue()));
            iterations = entry.getValue().iterations();
        }
        decoyIterations = iterations;
        return index;
    }

    /** Reads the file again. */
    synchronized void reload() {
        stamp = FileStamp.of(path);
        try {
            users = indexed(file.read());
            LOGGER.log(Level.INFO, "Users file read again file={0} users={1}", path, users.size());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "Users file not read again, the old list stays: {0}", e.getMessage());
        }
    }

    /** Reads the file again if it looks different. */
    synchronized void reloadIfChanged() {
        if (FileStamp.of(path).differsFrom(stamp)) {
            reload();
        }
    }

    /**
     * The user of that prepared name. A name that nobody has gets a user of its own, the same salt each time, whom no
     * password fits: how a login fails does not tell which names exist.
     */
    User find(@Nullable String name) {
        User known = name == null ? null : users.get(name);
        if (known != null) {
            return known;
        }
        byte[] seed = Hashes.hmac(decoyKey, String.valueOf(name).getBytes(StandardCharsets.UTF_8));
        return new User(ScramSecret.decoy(Arrays.copyOf(seed, ScramSecret.SALT_LENGTH), decoyIterations));
    }
}
