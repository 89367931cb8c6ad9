package io.karst.appliance.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.karst.appliance.fixture.Tools;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The life of an installed package, from {@code apt install} to {@code apt purge}, on one machine and in this order. */
@Tag("slow")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstallIT {
    private static final String INSTALL = "apt-get install -y -q ";

    private Machine machine;

    @BeforeAll
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void installOnANewMachine() throws Exception {
        assumeTrue(Tools.run("id", "-u").out().strip().equals("0"), "not root");
        Tools.assumeTool("debootstrap");
        Tools.assumeSuccess("namespaces", "unshare --mount --pid --net --uts --ipc --cgroup --fork true");
        Path deb = DebianPackage.built();
        machine = Machine.boot();
        machine.copyIn(deb, "karst.deb");
        machine.run(INSTALL + "/root/karst.deb");
    }

    @AfterAll
    void switchOff() throws Exception {
        if (machine != null) {
            machine.close();
        }
    }

    private String show(String property) throws Exception {
        return machine.run("systemctl show --value -p " + property + " karst");
    }

    private void awaitAnotherProcess(String pid) throws Exception {
        // One question: between two, the old process may end.
        machine.await("systemctl show -p ActiveState -p MainPID karst | grep -vx MainPID=" + pid
                + " | grep -cE '^(ActiveState=active|MainPID=[1-9].*)$' | grep -qx 2");
    }

    @Test
    @Order(1)
    void theServiceRunsAndAnswersAClient() throws Exception {
        assertEquals("active", show("ActiveState"));
        assertEquals("enabled", show("UnitFileState"));
        assertTrue(show("StatusText").startsWith("serving on 127.0.0.1:11211, "), show("StatusText"));
        assertEquals("STORED\nVALUE a 0 1\n1\nEND", machine.ask("set a 0 0 1\r\n1\r\nget a\r\nquit\r\n"));
    }

    @Test
    @Order(2)
    void itRunsAsItsOwnUserWithTheClassCacheMadeAtInstallation() throws Exception {
        assertEquals("karst", machine.run("ps -o user= -p " + show("MainPID")));
        assertTrue(
                machine.run("ps -o args= -p " + show("MainPID")).contains(" -XX:AOTCache=/var/cache/karst/classes "));
        assertEquals("", machine.run("journalctl -u karst | grep -i 'aot.*error' || true"));
    }

    @Test
    @Order(3)
    void theCommandIsOnThePath() throws Exception {
        assertTrue(machine.run("karst --version").startsWith("karst 0."));
        assertTrue(machine.run("karst --help").contains("--memory-limit"));
    }

    @Test
    @Order(4)
    void aProcessThatIsKilledIsReplaced() throws Exception {
        String pid = show("MainPID");
        machine.run("kill -9 " + pid);
        awaitAnotherProcess(pid);
        assertEquals("END", machine.ask("get a\r\nquit\r\n"));
    }

    @Test
    @Order(5)
    void aProcessThatHangsIsReplacedByTheWatchdog() throws Exception {
        String pid = show("MainPID");
        machine.run("kill -STOP " + pid);
        awaitAnotherProcess(pid);
        assertTrue(machine.run("journalctl -u karst").contains("Watchdog timeout"));
        assertEquals("END", machine.ask("get a\r\nquit\r\n"));
    }

    @Test
    @Order(6)
    void reloadReadsTheUsersAgainInTheSameProcess() throws Exception {
        machine.run("echo alice:secret >/etc/karst/auth && chown karst /etc/karst/auth"
                + " && echo auth-file = /etc/karst/auth >>/etc/karst/karst.conf && systemctl restart karst");
        String pid = show("MainPID");
        assertEquals("STORED", machine.ask("set x 0 0 12\r\nalice secret\r\nquit\r\n"));
        machine.run("echo alice:changed >/etc/karst/auth && systemctl reload karst");
        // systemctl reload returns when the signal is sent.
        machine.awaitAnswer("STORED", "set x 0 0 13\r\nalice changed\r\nquit\r\n");
        assertEquals(pid, show("MainPID"));
        machine.run("sed -i /^auth-file/d /etc/karst/karst.conf && systemctl restart karst");
    }

    @Test
    @Order(7)
    void stopDeliversWhatIsOwed() throws Exception {
        String received = machine.run("""
                exec 3<>/dev/tcp/127.0.0.1/11211
                { printf 'set a 0 0 500000\\r\\n'; head -c 500000 /dev/zero | tr '\\0' v; printf '\\r\\n'; } >&3
                read -r answer <&3
                for i in $(seq 40); do printf 'get a\\r\\n'; done >&3
                head -c 1000 <&3 >/dev/null
                systemctl stop --no-block karst
                echo $(( $(cat <&3 | wc -c) + 1000 ))
                """);
        int reply = "VALUE a 0 500000\r\n".length() + 500_000 + "\r\nEND\r\n".length();
        assertEquals(Integer.toString(40 * reply), received);
        machine.await("[ $(systemctl is-active karst) = inactive ]");
        assertEquals("success", show("Result"));
        machine.run("systemctl start karst");
    }

    @Test
    @Order(8)
    void aSocketUnitStartsTheServiceForItsFirstClient() throws Exception {
        String unit = "/etc/systemd/system/karst.socket";
        machine.run("systemctl stop karst && printf '[Socket]\\nListenStream=127.0.0.1:11211\\n' >" + unit
                + " && systemctl daemon-reload && systemctl start karst.socket");
        assertEquals("inactive", show("ActiveState"));
        assertEquals("END", machine.ask("get a\r\nquit\r\n"));
        assertEquals("active", show("ActiveState"));
        assertTrue(machine.run("journalctl -u karst").contains("systemd opened the sockets"));
        machine.run("systemctl stop karst.socket karst && rm " + unit
                + " && systemctl daemon-reload && systemctl start karst");
    }

    @Test
    @Order(9)
    void theAdminPortTellsWhatJcmdCannot() throws Exception {
        machine.run("sed -i 's/^#admin = none/admin = 9150/' /etc/karst/karst.conf && systemctl restart karst");
        assertTrue(http("GET /readyz").endsWith("\n\nok"), http("GET /readyz"));
        assertTrue(http("GET /metrics").contains("\nmemcached_up 1\n"));
        assertTrue(http("GET /v1/threads").contains("\"karst-loop-"));
        assertTrue(http("POST /v1/jfr/start").contains(" 200 OK\n"), http("POST /v1/jfr/start"));
        assertTrue(http("POST /v1/jfr/stop").contains("\nFLR"));
        assertEquals("", machine.run("find /tmp -name 'karst-*.jfr'"));
    }

    /** An answer of the admin port, without what cannot be printed. */
    private String http(String request) throws Exception {
        return machine.run("exec 3<>/dev/tcp/127.0.0.1/9150 && printf '" + request
                + " HTTP/1.0\\r\\n\\r\\n' >&3 && tr -cd '[:print:]\\n' <&3");
    }

    @Test
    @Order(10)
    void anUpgradeKeepsTheConfigurationAndStartsTheNewServer() throws Exception {
        machine.run("sed -i 's/^#memory-limit = 64/memory-limit = 80/' /etc/karst/karst.conf");
        String pid = show("MainPID");
        machine.run("cd /root && dpkg-deb -R karst.deb next && sed -i 's/^Version: .*/&+1/' next/DEBIAN/control"
                + " && dpkg-deb -Znone --root-owner-group -b next next.deb");
        machine.run(INSTALL + "/root/next.deb");
        assertTrue(machine.run("dpkg-query -W -f '${Version}' karst").endsWith("+1"));
        assertNotEquals(pid, show("MainPID"));
        assertEquals("active", show("ActiveState"));
        assertTrue(machine.ask("stats settings\r\nquit\r\n").contains("STAT maxbytes 83886080\n"));
    }

    @Test
    @Order(11)
    void purgeLeavesOnlyTheUser() throws Exception {
        machine.run("rm -rf /root/karst.deb /root/next.deb /root/next && apt-get purge -y -q karst");
        assertEquals("", machine.run("find / -xdev -name '*karst*' -not -path '/proc/*' -not -path '/sys/*'"));
        assertEquals("", machine.run("find /run /dev/shm -name '*karst*' -not -name karst-test"));
        assertTrue(machine.run("getent passwd karst").contains(":/usr/sbin/nologin"));
        assertNotEquals(0, machine.shell("systemctl cat karst").status());
    }
}
