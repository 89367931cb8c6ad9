package io.karst.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ring names are what clients hash; that they do is in the vectors. */
class RingFormatTest {
    private static final byte[] IP = {10, 0, 0, 1};

    @ParameterizedTest
    @CsvSource({
        "SPYMEMCACHED, 11211, 10.0.0.1:11211, cache1.example.org/10.0.0.1:11211",
        "LIBMEMCACHED, 11211, 10.0.0.1, cache1.example.org",
        "LIBMEMCACHED, 11212, 10.0.0.1:11212, cache1.example.org:11212",
        "XMEMCACHED, 11211, /10.0.0.1:11211, cache1.example.org/10.0.0.1:11211",
        "HOST_PORT, 11211, 10.0.0.1:11211, cache1.example.org:11211"
    })
    void nameOfALiteralAndOfAHost(RingFormat format, int port, String ofLiteral, String ofHost)
            throws UnknownHostException {
        assertEquals(ofLiteral, format.name(new InetSocketAddress(InetAddress.getByAddress(IP), port)));
        InetAddress host = InetAddress.getByAddress("cache1.example.org", IP);
        assertEquals(ofHost, format.name(new InetSocketAddress(host, port)));
    }

    @Test
    void nameThatContainsTheIpNeedsOne() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("cache1", 11211);
        assertEquals("cache1", RingFormat.LIBMEMCACHED.name(unresolved));
        assertThrows(IllegalArgumentException.class, () -> RingFormat.SPYMEMCACHED.name(unresolved));
        assertThrows(IllegalArgumentException.class, () -> RingFormat.XMEMCACHED.name(unresolved));
    }
}
