package io.karst.appliance.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.NotifyListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServiceManagerTest {
    private static final long PID = 4711;

    @TempDir
    private Path directory;

    @Test
    void everyTurnOfALifeIsOneDatagram() throws Exception {
        String name = directory.resolve("notify").toString();
        try (NotifyListener systemd = new NotifyListener(name);
                ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name), PID)) {
            manager.ready("serving");
            assertEquals("READY=1\nSTATUS=serving", systemd.next());
            long before = System.nanoTime() / 1000;
            manager.reload(() -> {});
            String reloading = systemd.next();
            assertTrue(reloading.startsWith("RELOADING=1\nMONOTONIC_USEC="), reloading);
            long micros = Long.parseLong(reloading.substring("RELOADING=1\nMONOTONIC_USEC=".length()));
            assertTrue(micros >= before && micros <= System.nanoTime() / 1000, reloading);
            assertEquals("READY=1", systemd.next());
            manager.stopping();
            assertEquals("STOPPING=1\nSTATUS=answering what was received", systemd.next());
        }
    }

    @Test
    void anAtSignIsAnAbstractName() throws Exception {
        String name = "@karst-test-" + ProcessHandle.current().pid();
        try (NotifyListener systemd = new NotifyListener(name);
                ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name), PID)) {
            manager.ready("serving");
            assertEquals("READY=1\nSTATUS=serving", systemd.next());
        }
    }

    @Test
    void theWatchdogIsFedUntilALoopHangs() throws Exception {
        String name = directory.resolve("notify").toString();
        AtomicInteger beats = new AtomicInteger();
        Heartbeats threeBeats = new Heartbeats(1, (loop, task) -> {
            if (beats.incrementAndGet() < 3) {
                task.run();
            }
        });
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "20000", "WATCHDOG_PID", "" + PID);
        try (NotifyListener systemd = new NotifyListener(name);
                ServiceManager manager = ServiceManager.of(environment, PID)) {
            manager.watch(threeBeats);
            assertEquals("WATCHDOG=1", systemd.next());
            assertEquals("WATCHDOG=1", systemd.next());
            assertEquals("WATCHDOG=1", systemd.next());
            // It hangs since the third beat; the next thing to be heard is not a sign of life.
            while (threeBeats.beat()) {
                Thread.onSpinWait();
            }
            manager.stopping();
            assertEquals("STOPPING=1\nSTATUS=answering what was received", systemd.next());
        }
    }

    @Test
    void theWatchdogOfAnotherProcessIsNotFed() throws Exception {
        String name = directory.resolve("notify").toString();
        List<Integer> asked = new ArrayList<>();
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", name, "WATCHDOG_USEC", "1000", "WATCHDOG_PID", "1");
        try (NotifyListener systemd = new NotifyListener(name);
                ServiceManager manager = ServiceManager.of(environment, PID)) {
            manager.watch(new Heartbeats(1, (loop, task) -> asked.add(loop)));
            manager.ready("serving");
            assertEquals("READY=1\nSTATUS=serving", systemd.next());
        }
        assertEquals(List.of(), asked);
    }

    @Test
    void withoutSystemdOnlyTheTaskOfAReloadRuns() {
        AtomicInteger reloads = new AtomicInteger();
        for (String name : List.of("", "/nosuch/notify", "vsock:2:1")) {
            try (ServiceManager manager = ServiceManager.of(Map.of("NOTIFY_SOCKET", name), PID)) {
                manager.ready("serving");
                manager.reload(reloads::incrementAndGet);
                manager.stopping();
            }
        }
        assertEquals(3, reloads.get());
    }
}
