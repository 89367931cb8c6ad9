package io.karst.appliance.ring;

import io.karst.appliance.config.ConfigException;
import io.karst.ring.RingNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads nodes and addresses as operators write them. Refuses with a {@link ConfigException} of one line. */
public final class NodeText {
    private static final int DEFAULT_PORT = 11211;
    private static final int PORT_MAX = 65_535;
    private static final Pattern OCTETS = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]*");

    /** {@code [host/]address[:port]}; an IPv6 address with a port stands in brackets. */
    private static final Pattern ADDRESS = Pattern.compile(
            "(?:(?<host>[^/]*)/)?(?:\\[(?<v6>[^\\]]+)\\]|(?<address>[^/:\\[\\]]+))(?::(?<port>\\d{1,5}))?");

    private NodeText() {}

    /** A node: {@code NAME} or {@code NAME=WEIGHT}. */
    static RingNode node(String text) {
        int equals = text.lastIndexOf('=');
        return equals < 0
                ? RingNode.of(text, 1)
                : RingNode.of(text.substring(0, equals), weight(text.substring(equals + 1), text));
    }

    /** The nodes in a file, one a line: name, weight and host, of which the last two may be missing. */
    static List<RingNode> nodesIn(Path file) throws IOException {
        List<RingNode> nodes = new ArrayList<>();
        List<String> lines = linesIn(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                nodes.add(nodeInFile(line.split("\\s+"), file + ":" + (i + 1)));
            }
        }
        return nodes;
    }

    /** A node of which name, weight and host are words. */
    public static RingNode nodeInFile(String[] words, String where) {
        if (words.length > 3) {
            throw new ConfigException(where + ": \"" + words[3] + "\" is one word too many. Write NAME WEIGHT HOST.");
        }
        int weight = words.length > 1 ? weight(words[1], where) : 1;
        RingNode node = RingNode.of(words[0], weight);
        return words.length > 2 ? new RingNode(node.name(), weight, words[2]) : node;
    }

    /** The lines of a file. */
    public static List<String> linesIn(Path file) throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new IOException(file + ": no such file.", e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + ": not UTF-8.", e);
        }
    }

    /**
     * The address in a node's name, without asking DNS: {@code cache1:11211} is unresolved, {@code 10.0.0.1:11211} and
     * {@code cache1/10.0.0.1:11211} are resolved. Without a port it is 11211.
     */
    public static InetSocketAddress address(String text) {
        Matcher parts = ADDRESS.matcher(text);
        if (!parts.matches()) {
            throw noAddress(text);
        }
        int port = parts.group("port") == null ? DEFAULT_PORT : Integer.parseInt(parts.group("port"));
        String host = parts.group("host");
        String ip = parts.group("v6") == null ? parts.group("address") : parts.group("v6");
        byte[] bytes = bytes(ip, text);
        boolean mustBeIp = host != null || parts.group("v6") != null;
        if (port < 1 || port > PORT_MAX || (bytes.length == 0 && mustBeIp)) {
            throw noAddress(text);
        }
        return bytes.length == 0
                ? InetSocketAddress.createUnresolved(ip, port)
                : new InetSocketAddress(inet(host == null || host.isEmpty() ? null : host, bytes), port);
    }

    private static InetAddress inet(@Nullable String host, byte[] bytes) {
        try {
            return InetAddress.getByAddress(host, bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("an address has 4 bytes or 16", e);
        }
    }

    /** The bytes of an IP address; none when it is a name. */
    private static byte[] bytes(String ip, String text) {
        Matcher octets = OCTETS.matcher(ip);
        if (octets.matches()) {
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int octet = Integer.parseInt(octets.group(i + 1));
                if (octet > 255) {
                    throw noAddress(text);
                }
                bytes[i] = (byte) octet;
            }
            return bytes;
        }
        if (ip.indexOf(':') >= 0 && IPV6.matcher(ip).matches()) {
            try {
                // With a colon in it the JDK takes it for an address or throws; it does not ask.
                return InetAddress.getByName(ip).getAddress();
            } catch (UnknownHostException e) {
                throw noAddress(text);
            }
        }
        return new byte[0];
    }

    private static ConfigException noAddress(String text) {
        return new ConfigException(
                text + ": not an address. Write HOST:PORT, 10.0.0.1:11211, HOST/10.0.0.1:11211 or [::1]:11211.");
    }

    private static int weight(String text, String where) {
        if (!text.matches("\\d{1,7}")) {
            throw new ConfigException(where + ": \"" + text + "\" is not a weight. Use a whole number from 1 on.");
        }
        return Integer.parseInt(text);
    }
}
