package io.karst.appliance.systemd;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The systemd that started this process as a service of {@code Type=notify}, or nobody, in which case every method does
 * nothing, or only the caller's task. Thread-safe.
 *
 * <p>Source: sd_notify(3), sd_watchdog_enabled(3).
 */
public final class ServiceManager implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(ServiceManager.class.getName());

    private final @Nullable NotifySocket socket;
    private final long watchdogNs;

    private ServiceManager(@Nullable NotifySocket socket, long watchdogNs) {
        this.socket = socket;
        this.watchdogNs = watchdogNs;
    }

    /**
     * The one that these variables name: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. A socket that cannot be had is a
     * line in the log: the service would serve, and systemd would end it for saying nothing.
     *
     * @param pid of this process
     */
    public static ServiceManager of(Map<String, String> environment, long pid) {
        String name = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (name.isEmpty()) {
            return new ServiceManager(null, 0);
        }
        try {
            return new ServiceManager(NotifySocket.connect(name), watchdogNs(environment, pid));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "NOTIFY_SOCKET={0}: {1}. Systemd is told nothing.", name, e.getMessage());
            return new ServiceManager(null, 0);
        }
    }

    /** After how long without a sign of life it will end us, 0 for never. */
    private static long watchdogNs(Map<String, String> environment, long pid) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        boolean isOurs = environment.getOrDefault("WATCHDOG_PID", "" + pid).equals("" + pid);
        return isOurs && micros.matches("[1-9][0-9]{0,15}") ? TimeUnit.MICROSECONDS.toNanos(Long.parseLong(micros)) : 0;
    }

    /**
     * Clients can connect.
     *
     * @param status one line for {@code systemctl status}
     */
    public void ready(String status) {
        send("READY=1\nSTATUS=" + status);
    }

    /** Runs a task between the two messages that mark a reload. */
    public void reload(Runnable task) {
        // nanoTime is CLOCK_MONOTONIC on Linux, the clock that systemd compares with.
        send("RELOADING=1\nMONOTONIC_USEC=" + TimeUnit.NANOSECONDS.toMicros(System.nanoTime()));
        try {
            task.run();
        } finally {
            send("READY=1");
        }
    }

    /** The end has begun: what was received is still answered. */
    public void stopping() {
        send("STOPPING=1\nSTATUS=answering what was received");
    }

    /** From now on feeds the watchdog twice in its time, as long as every loop runs; if there is a watchdog. */
    public void watch(Heartbeats heartbeats) {
        if (socket != null && watchdogNs > 0) {
            socket.sendEvery(watchdogNs / 2, "WATCHDOG=1", heartbeats::beat);
        }
    }

    private void send(String message) {
        if (socket != null) {
            socket.send(message);
        }
    }

    /** Says nothing more. Idempotent. */
    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}
