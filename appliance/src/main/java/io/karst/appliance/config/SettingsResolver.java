package io.karst.appliance.config;

import io.karst.eviction.PolicyKind;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts the given options and the defaults together, and refuses what does not go together. */
final class SettingsResolver {
    private static final int UNIX_PATH_MAX = 107;
    private static final int MANY_THREADS = 64;
    private static final int OLDEST_TLS = 2;
    private static final int REQUIRE_CERTIFICATE = 2;

    private final GivenOptions given;
    private final Environment environment;
    private final List<String> notices;

    SettingsResolver(GivenOptions given, Environment environment, List<String> notices) {
        this.given = given;
        this.environment = environment;
        this.notices = notices;
    }

    /** The settings, or a refusal. */
    Settings resolve() {
        refuseSaslWithText();
        refuseTextLoginWithBinary();
        refuseUdpWithLogins();
        refuseUnsupported();
        refuseDaemonWithoutScript();
        Settings.Memory memory = memory();
        Settings.Commands commands = commands();
        Settings.Network network = network();
        Settings.Security security = security(network);
        addNotices(network, security);
        return new Settings(
                network,
                memory,
                commands,
                security,
                peers(),
                measuring(),
                verbosity(),
                given.last(Option.PIDFILE).map(ArgumentText::file).orElse(null),
                resolved(),
                notices);
    }

    /** {@code -p}, or with {@code -U} alone that one, as in memcached. */
    int tcpPort() {
        Given udp = given.lastOrDefault(Option.UDP_PORT);
        boolean movedByUdp = given.last(Option.PORT).isEmpty() && ArgumentText.integer(udp) != 0;
        return movedByUdp ? ArgumentText.integer(udp) : integer(Option.PORT);
    }

    private Settings.Network network() {
        int tcpPort = tcpPort();
        Path unixSocket = unixSocket();
        List<Settings.Listener> listeners = unixSocket == null && tcpPort != 0 ? listeners(tcpPort) : List.of();
        int udpPort = integer(Option.UDP_PORT);
        if (unixSocket == null && listeners.isEmpty() && udpPort == 0) {
            throw given.lastOrDefault(Option.PORT)
                    .refuse("nothing to listen on. Give a port, or a unix socket with -s.");
        }
        return new Settings.Network(
                listeners,
                tcpPort,
                udpPort,
                unixSocket == null && udpPort != 0 ? udpAddresses(udpPort) : List.of(),
                interfaces(),
                unixSocket,
                ArgumentText.octal(given.lastOrDefault(Option.UNIX_MASK)),
                integer(Option.LISTEN_BACKLOG),
                integer(Option.CONN_LIMIT),
                given.last(Option.MAXCONNS_FAST).map(ArgumentText::flag).orElse(!given.isOn(Option.NO_MAXCONNS_FAST)),
                integer(Option.CONNS_PER_ADDRESS),
                integer(Option.IDLE_TIMEOUT),
                given.isOn(Option.IO_URING) ? Settings.Transport.IO_URING : Settings.Transport.EPOLL,
                Optional.ofNullable(environment.variables().get("MEMCACHED_PORT_FILENAME"))
                        .map(Path::of)
                        .orElse(null));
    }

    private Settings.Memory memory() {
        long limit = ArgumentText.bytes(given.lastOrDefault(Option.MEMORY_LIMIT));
        Given itemSize = given.lastOrDefault(Option.MAX_ITEM_SIZE);
        long itemSizeMax = ArgumentText.bytes(itemSize);
        if (itemSizeMax > limit / 2) {
            throw itemSize.refuse("above half of memory-limit (" + Quantity.text(limit) + "). Raise -m or lower -I.");
        }
        boolean lock = given.isOn(Option.LOCK_MEMORY);
        return new Settings.Memory(
                limit,
                Math.toIntExact(itemSizeMax),
                eviction(),
                integer(Option.LARGE_SHARE),
                Math.toIntExact(ArgumentText.bytes(given.lastOrDefault(Option.ITEM_SIZE_HINT))),
                lock || given.isOn(Option.LARGE_PAGES),
                lock);
    }

    // -M and -o eviction= say the same thing twice: the one of higher rank counts, and at equal rank they must agree.
    private PolicyKind eviction() {
        Given policy = given.lastOrDefault(Option.EVICTION);
        if (given.isOn(Option.DISABLE_EVICTIONS) && !policy.text().equals("none")) {
            int rank = given.lastOrDefault(Option.DISABLE_EVICTIONS).source().rank();
            if (rank == policy.source().rank()) {
                throw policy.refuse("contradicts disable-evictions. Give one of the two.");
            }
            return rank > policy.source().rank() ? PolicyKind.NONE : policyOf(policy);
        }
        return policyOf(policy);
    }

    private static PolicyKind policyOf(Given policy) {
        return Objects.requireNonNull(PolicyKind.of(policy.text()), "the option table names no other");
    }

    private Settings.Commands commands() {
        Given protocol = given.lastOrDefault(Option.PROTOCOL);
        return new Settings.Commands(
                integer(Option.THREADS),
                integer(Option.MAX_REQS_PER_EVENT),
                protocolOf(protocol),
                !given.isOn(Option.DISABLE_CAS),
                !given.isOn(Option.DISABLE_FLUSH_ALL),
                !given.isOn(Option.DISABLE_DUMPING),
                !given.isOn(Option.DISABLE_WATCH),
                given.isOn(Option.ENABLE_SHUTDOWN),
                given.isOn(Option.DEBUG_COMMANDS),
                given.isOn(Option.TRACK_SIZES),
                given.last(Option.PREFIX_DELIMITER).isPresent(),
                ArgumentText.character(given.lastOrDefault(Option.PREFIX_DELIMITER)));
    }

    // Logins decide: each kind is for one protocol.
    private String protocolOf(Given protocol) {
        if (given.isOn(Option.ENABLE_SASL)) {
            return "binary";
        }
        return given.last(Option.AUTH_FILE).isPresent() ? "ascii" : protocol.text();
    }

    private Settings.Measuring measuring() {
        return new Settings.Measuring(
                new Settings.Hlog(
                        fileOf(Option.HLOG),
                        integer(Option.HLOG_INTERVAL),
                        ArgumentText.bytes(given.lastOrDefault(Option.HLOG_SIZE)),
                        integer(Option.HLOG_FILES)),
                integer(Option.HOTKEYS),
                integer(Option.SLOW_LOG),
                fileOf(Option.SLOW_LOG_SECRET),
                new Settings.Targets(
                        integer(Option.SLO_READ_P99),
                        integer(Option.SLO_WRITE_P99),
                        integer(Option.SLO_HIT_RATIO),
                        integer(Option.SLO_STORAGE),
                        given.last(Option.SLO_STORAGE).isPresent(),
                        integer(Option.SLO_REPLICATION_LAG)));
    }

    private Settings.Security security(Settings.Network network) {
        return new Settings.Security(
                given.isOn(Option.ENABLE_SASL),
                ArgumentText.file(given.lastOrDefault(Option.SASL_USERS)),
                fileOf(Option.AUTH_FILE),
                tls(network));
    }

    private Settings.Tls tls(Settings.Network network) {
        boolean isEnabled = given.isOn(Option.ENABLE_SSL);
        Given verifyMode = given.lastOrDefault(Option.SSL_VERIFY_MODE);
        if (isEnabled && network.listeners().isEmpty()) {
            throw given.lastOrDefault(Option.ENABLE_SSL).refuse("needs a TCP port. Leave the unix socket out.");
        }
        if (isEnabled && fileOf(Option.SSL_CHAIN_CERT) == null) {
            throw given.lastOrDefault(Option.ENABLE_SSL)
                    .refuse("needs a certificate. Name its file with -o ssl_chain_cert.");
        }
        boolean asksClients = ArgumentText.integer(verifyMode) > 0
                || network.listeners().stream()
                        .anyMatch(listener -> listener.encryption() == Settings.Encryption.MUTUAL_TLS);
        if (isEnabled && asksClients && fileOf(Option.SSL_CA_CERT) == null) {
            throw verifyMode.refuse("certificates of clients need an authority. Name its file with -o ssl_ca_cert.");
        }
        return new Settings.Tls(
                isEnabled,
                fileOf(Option.SSL_CHAIN_CERT),
                fileOf(Option.SSL_KEY),
                integer(Option.SSL_KEYFORMAT) == 2,
                integer(Option.SSL_VERIFY_MODE),
                fileOf(Option.SSL_CA_CERT),
                given.last(Option.SSL_CIPHERS)
                        .map(Given::text)
                        .filter(text -> !text.equals(Option.SSL_CIPHERS.defaultText()))
                        .orElse(null),
                integer(Option.SSL_MIN_VERSION),
                given.isOn(Option.SSL_SESSION_CACHE));
    }

    private Settings.@Nullable Peers peers() {
        Path file = fileOf(Option.PEERS);
        Optional<Given> name = given.last(Option.PEER_NAME);
        if (file == null) {
            return null;
        }
        if (name.isEmpty()) {
            throw given.lastOrDefault(Option.PEERS)
                    .refuse("which of them is this node? Say it with -o peer_name=RING-NAME.");
        }
        return new Settings.Peers(
                file,
                name.get().text(),
                given.lastOrDefault(Option.PLACEMENT).text(),
                integer(Option.REPLICAS),
                fileOf(Option.PEER_KEY),
                given.isOn(Option.INSECURE_PEERS),
                integer(Option.WARMUP_MAX),
                given.lastOrDefault(Option.CONSISTENCY).text(),
                integer(Option.LEVEL_TIMEOUT),
                integer(Option.ANTI_ENTROPY));
    }

    private @Nullable Path fileOf(Option option) {
        return given.last(option).map(ArgumentText::file).orElse(null);
    }

    private int verbosity() {
        return (int)
                given.all(Option.VERBOSE).stream().filter(ArgumentText::flag).count();
    }

    private List<Settings.Listener> listeners(int tcpPort) {
        List<Given> values = given.all(Option.LISTEN);
        return new ListenAddresses(environment.hosts(), Math.max(tcpPort, 0), given.isOn(Option.ENABLE_SSL))
                .read(values.isEmpty() ? List.of(given.lastOrDefault(Option.LISTEN)) : values);
    }

    private List<InetSocketAddress> udpAddresses(int udpPort) {
        return listeners(udpPort).stream().map(Settings.Listener::address).toList();
    }

    private String interfaces() {
        String written = given.all(Option.LISTEN).stream().map(Given::text).collect(Collectors.joining(","));
        return written.isEmpty() ? Option.LISTEN.defaultText() : written;
    }

    private @Nullable Path unixSocket() {
        Optional<Given> socket = given.last(Option.UNIX_SOCKET);
        if (socket.isPresent() && socket.get().text().getBytes(StandardCharsets.UTF_8).length > UNIX_PATH_MAX) {
            throw socket.get().refuse("longer than " + UNIX_PATH_MAX + " bytes. Use a shorter path.");
        }
        return socket.map(ArgumentText::file).orElse(null);
    }

    // SASL means the binary protocol only, so that an explicit other protocol is a contradiction.
    private void refuseSaslWithText() {
        Given protocol = given.lastOrDefault(Option.PROTOCOL);
        boolean isText =
                !protocol.source().equals(Source.DEFAULT) && !protocol.text().equals("binary");
        if (given.isOn(Option.ENABLE_SASL) && isText) {
            throw protocol.refuse("cannot go with enable-sasl, which is for the binary protocol. Leave one out.");
        }
    }

    // Logins by set are for the text protocol only; memcached refuses an explicit auto as well.
    private void refuseTextLoginWithBinary() {
        Given protocol = given.lastOrDefault(Option.PROTOCOL);
        boolean isOther =
                !protocol.source().equals(Source.DEFAULT) && !protocol.text().equals("ascii");
        if (given.last(Option.AUTH_FILE).isPresent() && isOther) {
            throw protocol.refuse("cannot go with auth-file, which is for the text protocol. Leave one out.");
        }
        if (given.last(Option.AUTH_FILE).isPresent() && given.isOn(Option.ENABLE_SASL)) {
            throw given.lastOrDefault(Option.AUTH_FILE)
                    .refuse("cannot go with enable-sasl, which is for the binary protocol. Leave one out.");
        }
    }

    // A datagram cannot log in.
    private void refuseUdpWithLogins() {
        Given udp = given.lastOrDefault(Option.UDP_PORT);
        boolean hasLogins =
                given.isOn(Option.ENABLE_SASL) || given.last(Option.AUTH_FILE).isPresent();
        if (hasLogins && ArgumentText.integer(udp) != 0) {
            throw udp.refuse("UDP cannot go with logins. Leave it, or enable-sasl and auth-file, out.");
        }
    }

    private void refuseUnsupported() {
        for (Option option : Option.values()) {
            if (option.support() == Support.REFUSED) {
                given.last(option).filter(this::isWanted).ifPresent(value -> {
                    throw value.refuseUnsupported();
                });
            }
        }
    }

    private boolean isWanted(Given value) {
        return value.option().argument() != Argument.FLAG || ArgumentText.flag(value);
    }

    // Debian's memcached.conf has -d, and the script that reads it drops the line.
    private void refuseDaemonWithoutScript() {
        boolean isDetached = environment.variables().containsKey("KARST_DETACHED");
        given.last(Option.DAEMON)
                .filter(value -> isWanted(value) && !value.source().isFile() && !isDetached)
                .ifPresent(value -> {
                    throw new ConfigException(
                            "daemon: a Java process cannot detach itself. Start it with the karst script, which can.");
                });
    }

    private int integer(Option option) {
        return ArgumentText.integer(given.lastOrDefault(option));
    }

    private void addNotices(Settings.Network network, Settings.Security security) {
        for (Option option : Option.values()) {
            given.last(option).ifPresent(this::addNotice);
        }
        if (given.last(Option.UNIX_SOCKET).isPresent()
                && given.last(Option.LISTEN).isPresent()) {
            notices.add("listen has no effect: a unix socket switches TCP off.");
        }
        if (security.tls().isEnabled() && integer(Option.SSL_MIN_VERSION) < OLDEST_TLS) {
            notices.add("ssl_min_version: Java speaks nothing older than TLS 1.2, and that is the oldest accepted.");
        }
        addNoticeOfOpenDoor(network, security);
    }

    private void addNotice(Given value) {
        Option option = value.option();
        String name = value.source().prefix() + option.longName();
        if (option == Option.USER) {
            if (environment.isRoot() && !value.text().equals("root")) {
                notices.add(name
                        + " has no effect: a Java process cannot change its user. Karst goes on as root; start it"
                        + " with the karst script and -u on the command line, or as " + value.text() + " instead.");
            }
        } else if (option == Option.DAEMON && value.source().isFile() && isWanted(value)) {
            notices.add(name + " has no effect in a file: Karst stays in the foreground.");
        } else if (option == Option.THREADS && ArgumentText.integer(value) > MANY_THREADS) {
            notices.add(name + "=" + value.text() + " is more than most machines have cores, and slower for it.");
        } else if (isIdleTlsOption(value)) {
            notices.add(name + " has no effect without enable-ssl.");
        } else if (option.topic() == Topic.PEERS
                && option != Option.PEERS
                && isChanged(value)
                && given.last(Option.PEERS).isEmpty()) {
            notices.add(name + " has no effect without peers.");
        } else if (option == Option.SASL_USERS && isChanged(value) && !given.isOn(Option.ENABLE_SASL)) {
            notices.add(name + " has no effect without enable-sasl.");
        } else if (option.longName().startsWith("hlog_")
                && isChanged(value)
                && given.last(Option.HLOG).isEmpty()) {
            notices.add(name + " has no effect without hlog.");
        } else if (option == Option.SLOW_LOG_SECRET && integer(Option.SLOW_LOG) == 0) {
            notices.add(name + " has no effect without slow_log.");
        } else if (option.support() == Support.IGNORED) {
            notices.add(name + " has no effect in Karst.");
        }
    }

    private boolean isIdleTlsOption(Given value) {
        Option option = value.option();
        return option.longName().startsWith("ssl_")
                && option.support() == Support.MEMCACHED
                && isChanged(value)
                && !given.isOn(Option.ENABLE_SSL);
    }

    private static boolean isChanged(Given value) {
        return !value.text().equals(value.option().defaultText());
    }

    private void addNoticeOfOpenDoor(Settings.Network network, Settings.Security security) {
        if (security.needsLogin()) {
            return;
        }
        boolean isOpen = network.listeners().stream()
                .anyMatch(listener -> !listener.address().getAddress().isLoopbackAddress()
                        && !asksForCertificate(listener.encryption(), security.tls()));
        if (isOpen) {
            notices.add("listen=" + interfaces() + " can be reached from other machines, and asks for no login. Keep a"
                    + " firewall in front, or listen on 127.0.0.1.");
        }
    }

    private static boolean asksForCertificate(Settings.Encryption encryption, Settings.Tls tls) {
        return encryption == Settings.Encryption.MUTUAL_TLS
                || (encryption == Settings.Encryption.TLS && tls.verifyMode() >= REQUIRE_CERTIFICATE);
    }

    private List<Resolved> resolved() {
        List<Resolved> settings = new ArrayList<>();
        for (Option option : Option.values()) {
            if (isSetting(option)) {
                Given value = given.lastOrDefault(option);
                settings.add(new Resolved(option, written(value), value.source()));
            }
        }
        return settings;
    }

    /** Whether it stays in force after the start. */
    static boolean isSetting(Option option) {
        return switch (option) {
            case CONFIG, HELP, LICENSE, VERSION, EXTENDED -> false;
            default -> option.support() == Support.MEMCACHED || option.support() == Support.OURS;
        };
    }

    private String written(Given value) {
        return switch (value.option()) {
            case LISTEN -> interfaces();
            case VERBOSE -> String.valueOf(verbosity());
            case PORT -> String.valueOf(tcpPort());
            case EVICTION -> eviction().optionValue();
            default -> value.text();
        };
    }
}
