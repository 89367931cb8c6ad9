package io.karst.appliance.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what {@code -l} takes: {@code host}, {@code host:port}, {@code [::1]}, {@code [::1]:port}, {@code ::1}, an
 * asterisk, the prefixes {@code notls:}, {@code btls:} and {@code mtls:}, several separated by commas. A name with several
 * addresses stands for all of them.
 */
final class ListenAddresses {
    private static final Pattern PREFIXED = Pattern.compile("(notls|btls|mtls):(.*)");

    private final Hosts hosts;
    private final int defaultPort;
    private final boolean isTlsOn;

    /** {@code defaultPort} serves addresses without one; 0 asks the kernel for a free port. */
    ListenAddresses(Hosts hosts, int defaultPort, boolean isTlsOn) {
        this.hosts = hosts;
        this.defaultPort = defaultPort;
        this.isTlsOn = isTlsOn;
    }

    /** The addresses to bind, in order, each once. */
    List<Settings.Listener> read(List<Given> values) {
        Set<Settings.Listener> listeners = new LinkedHashSet<>();
        for (Given given : values) {
            for (String part : given.text().split("[,;]")) {
                if (!part.isBlank()) {
                    addOne(listeners, new Given(given.option(), part.strip(), given.source()));
                }
            }
        }
        return List.copyOf(listeners);
    }

    private void addOne(Set<Settings.Listener> listeners, Given given) {
        String text = given.text();
        if (text.matches("(proto|tag)[\\[_].*")) {
            throw given.refuse("not yet supported. Of the prefixes notls:, btls: and mtls: are.");
        }
        Matcher prefixed = PREFIXED.matcher(text);
        String prefix = prefixed.matches() ? prefixed.group(1) : "";
        String address = prefixed.matches() ? prefixed.group(2) : text;
        if (!isTlsOn && (prefix.equals("btls") || prefix.equals("mtls"))) {
            throw given.refuse("needs TLS. Add -Z and a certificate, or leave the prefix out.");
        }
        Settings.Encryption encryption = encryption(prefix);
        if (address.startsWith("[")) {
            addBracketed(listeners, encryption, given, address);
        } else {
            int colon = address.indexOf(':');
            boolean hasPort = colon >= 0 && address.indexOf(':', colon + 1) < 0;
            String host = hasPort ? address.substring(0, colon) : address;
            addAll(
                    listeners,
                    encryption,
                    given,
                    host,
                    hasPort ? portOf(given, address.substring(colon + 1)) : defaultPort);
        }
    }

    private Settings.Encryption encryption(String prefix) {
        if (!isTlsOn) {
            return Settings.Encryption.NONE;
        }
        return switch (prefix) {
            case "notls" -> Settings.Encryption.NONE;
            case "btls" -> Settings.Encryption.SERVER_TLS;
            case "mtls" -> Settings.Encryption.MUTUAL_TLS;
            default -> Settings.Encryption.TLS;
        };
    }

    private void addBracketed(
            Set<Settings.Listener> listeners, Settings.Encryption encryption, Given given, String address) {
        int end = address.indexOf(']');
        String rest = end < 0 ? "" : address.substring(end + 1);
        if (end < 0 || !(rest.isEmpty() || rest.startsWith(":"))) {
            throw given.refuse("not an address. Write IPv6 as [::1] or [::1]:11212.");
        }
        addAll(
                listeners,
                encryption,
                given,
                address.substring(1, end),
                rest.isEmpty() ? defaultPort : portOf(given, rest.substring(1)));
    }

    private void addAll(
            Set<Settings.Listener> listeners, Settings.Encryption encryption, Given given, String host, int port) {
        if (host.isEmpty()) {
            throw given.refuse("no host in it. Use an address of this machine, for example 127.0.0.1:11212.");
        }
        try {
            for (InetAddress address : hosts.addressesOf(host)) {
                listeners.add(new Settings.Listener(new InetSocketAddress(address, port), encryption));
            }
        } catch (UnknownHostException e) {
            throw given.refuse("cannot be resolved. Use an address of this machine, for example 127.0.0.1 or [::1].");
        }
    }

    private static int portOf(Given given, String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw given.refuse("\"" + text + "\" is not a port. Use a number from 0 to 65535.");
        }
        return Integer.parseInt(text);
    }
}
