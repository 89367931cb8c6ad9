package io.karst.appliance;

import io.karst.appliance.auth.PasswdCommand;
import io.karst.appliance.cli.ClientCommands;
import io.karst.appliance.config.ConfigException;
import io.karst.appliance.config.Environment;
import io.karst.appliance.config.ExitStatus;
import io.karst.appliance.config.HeapDemand;
import io.karst.appliance.config.MemoryBudget;
import io.karst.appliance.config.Settings;
import io.karst.appliance.config.Start;
import io.karst.appliance.config.Subcommand;
import io.karst.appliance.doctor.DoctorCommand;
import io.karst.appliance.plan.PlanCommand;
import io.karst.appliance.replication.Replication;
import io.karst.appliance.ring.RingCommand;
import io.karst.appliance.server.NoFileLimit;
import io.karst.appliance.systemd.Heartbeats;
import io.karst.appliance.systemd.InheritedSocket;
import io.karst.appliance.systemd.ServiceManager;
import io.karst.appliance.warm.WarmCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * The process: reads the command line, starts an {@link Appliance}, and stops it on SIGTERM, SIGINT or {@code shutdown}.
 * Exit status: {@link ExitStatus}.
 */
public final class Main {
    /** Files that the process has open besides its connections: jars, sockets that listen, epoll, logs, the admin port. */
    private static final int OWN_FILES = 192;

    private static final System.Logger LOGGER = System.getLogger(Main.class.getName());

    /** Kept here because java.util.logging forgets the level of a logger that nobody holds. */
    private static final Logger VERBOSE = Logger.getLogger("io.karst");

    private Main() {}

    /** Runs the server in the foreground, or the command that the first word names. */
    public static void main(String[] args) {
        Environment environment = Environment.ofThisProcess();
        List<String> words = List.of(args);
        // What begins with a hyphen is an option of the server's, as in memcached.
        if (!words.isEmpty() && !words.get(0).startsWith("-")) {
            Subcommand command = Subcommand.named(words.get(0)).orElse(null);
            words = words.subList(1, words.size());
            if (command == null) {
                fail("\"" + args[0] + "\": not a command. karst help lists them.", ExitStatus.USAGE);
            } else if (command != Subcommand.SERVE) {
                System.exit(run(command, words, environment));
            }
        }
        readLoggingConfiguration();
        try {
            Start start = Start.from(words, environment);
            if (start instanceof Start.Serve serve) {
                serve(serve.settings(), environment.version(), System.out);
            } else if (start instanceof Start.Print page) {
                System.out.print(page.text());
            }
        } catch (ConfigException e) {
            fail(String.valueOf(e.getMessage()), ExitStatus.USAGE);
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            fail(String.valueOf(e.getMessage()), ExitStatus.OS_ERROR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a command; the exit status. */
    private static int run(Subcommand command, List<String> words, Environment environment) {
        if (command == Subcommand.PASSWD && words.contains("--help")) {
            System.out.print(command.help());
            return ExitStatus.OK.code();
        }
        return switch (command) {
            case PASSWD -> PasswdCommand.run(words);
            case WARM -> new WarmCommand(System.out, System.err).run(words);
            case RING -> new RingCommand(System.out, System.err).run(words);
            case PLAN -> new PlanCommand(System.out, System.err).run(words);
            case DOCTOR -> new DoctorCommand(environment, NetworkMemory.bytes(), System.out, System.err).run(words);
            default -> new ClientCommands(environment, System.in, System.out, System.err).run(command, words);
        };
    }

    private static void serve(Settings settings, String version, PrintStream out)
            throws IOException, InterruptedException {
        NetworkMemory.makeRoomFor(settings.memory().itemSizeMax());
        long heap = HeapDemand.within(
                Runtime.getRuntime().maxMemory(),
                settings.network().maxConnections(),
                settings.security().tls().isEnabled());
        new MemoryBudget(Path.of("/"))
                .check(new MemoryBudget.Demand(
                        settings.memory().limitBytes(), heap, NetworkMemory.bytes() + Replication.bytes(settings)));
        NoFileLimit.raise(settings.network().maxConnections() + OWN_FILES);
        VERBOSE.setLevel(settings.verbosity() == 0 ? null : java.util.logging.Level.FINE);
        LOGGER.log(Level.INFO, settings.oneLine());
        settings.notices().forEach(notice -> LOGGER.log(Level.WARNING, notice));
        long pid = ProcessHandle.current().pid();
        ServiceManager manager = ServiceManager.of(System.getenv(), pid);
        List<InheritedSocket> inherited = InheritedSocket.of(System.getenv(), pid);
        if (!inherited.isEmpty() && settings.peers() != null) {
            // systemd's socket takes connections before this node has what its peers have for it.
            throw new ConfigException("peers: cannot go with sockets from systemd. Disable the socket unit.");
        }
        Appliance appliance = Appliance.start(settings, version, WallClock.system(), inherited);
        if (!inherited.isEmpty()) {
            LOGGER.log(Level.INFO, "systemd opened the sockets: port, listen, udp-port and unix-socket have no effect");
        }
        LOGGER.log(Level.INFO, appliance.hugePages().report());
        HangUp.handle(() -> manager.reload(appliance::reload));
        Path pidFile = settings.pidFile();
        Path portFile = settings.network().portFile();
        RunFiles files = RunFiles.write(pidFile, portFile, appliance.addresses(), appliance.udpAddresses());
        // SIGTERM and SIGINT begin the JVM's own shutdown, which runs this; a client's shutdown command comes by below.
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(appliance, files, manager), "karst-stop"));
        out.println(Greeting.of(appliance.addresses(), settings.memory().limitBytes(), appliance.store(), version));
        manager.watch(new Heartbeats(appliance.loopCount(), appliance::executeOn));
        manager.ready(Greeting.status(appliance.addresses(), appliance.store()));
        appliance.awaitStopRequest();
        stop(appliance, files, manager);
    }

    private static void stop(Appliance appliance, RunFiles files, ServiceManager manager) {
        manager.stopping();
        appliance.close();
        files.close();
        manager.close();
    }

    private static void fail(String reason, ExitStatus status) {
        System.err.println("karst: " + reason);
        System.exit(status.code());
    }

    /** Ours, unless the operator names a file: one line per record on stderr, where journald stamps it. */
    private static void readLoggingConfiguration() {
        if (System.getProperty("java.util.logging.config.file") != null) {
            return;
        }
        try (InputStream configuration = Main.class.getResourceAsStream("logging.properties")) {
            LogManager.getLogManager().readConfiguration(configuration);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
