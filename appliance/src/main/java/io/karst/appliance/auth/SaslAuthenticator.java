package io.karst.appliance.auth;

import io.karst.protocol.Access;
import io.karst.protocol.Authenticator;
import io.karst.protocol.SaslExchange;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * SASL logins by the users of a file: PLAIN and SCRAM-SHA-256. Thread-safe. Two threads of its own do what may not
 * happen on an event loop: hash passwords, wait before a refusal, look after the file. Their queue holds at most one task
 * per connection, because a connection that waits is not read.
 */
public final class SaslAuthenticator implements Authenticator, AutoCloseable {
    static final String PLAIN = "PLAIN";
    static final String SCRAM = "SCRAM-SHA-256";

    private static final int THREADS = 2;
    private static final int NONCE_LENGTH = 18;

    private final Users users;
    private final SecureRandom random = new SecureRandom();
    private final ScheduledExecutorService workers = Executors.newScheduledThreadPool(THREADS, task -> {
        Thread thread = new Thread(task, "karst-login");
        thread.setDaemon(true);
        return thread;
    });

    private SaslAuthenticator(Users users) {
        this.users = users;
    }

    /**
     * Reads the users, and looks once a second whether the file has changed.
     *
     * @throws IOException with one line for the operator, when the file cannot be used
     */
    public static SaslAuthenticator open(Path usersFile) throws IOException {
        SaslAuthenticator authenticator = new SaslAuthenticator(new Users(usersFile));
        Users watched = authenticator.users;
        var unused = authenticator.workers.scheduleWithFixedDelay(watched::reloadIfChanged, 1, 1, TimeUnit.SECONDS);
        return authenticator;
    }

    @Override
    public String mechanisms() {
        return PLAIN + " " + SCRAM;
    }

    @Override
    public SaslExchange newExchange() {
        return new SaslConversation(this);
    }

    /** Reads the users file again, soon, on another thread; a file that is wrong changes nothing. */
    public void reload() {
        workers.execute(users::reload);
    }

    Users users() {
        return users;
    }

    ScramServer newScram() {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        return new ScramServer(users, Base64.getEncoder().encodeToString(nonce));
    }

    /** Runs a task off the loops. */
    void execute(Runnable task) {
        workers.execute(task);
    }

    /** Runs a task off the loops, later the more logins of a connection have failed. */
    void executeAfterFailure(int failureCount, Runnable task) {
        var unused = workers.schedule(task, Access.delayMillis(failureCount), TimeUnit.MILLISECONDS);
    }

    /** Forgets logins under way; after the loops have ended. */
    @Override
    public void close() {
        workers.shutdownNow();
    }
}
