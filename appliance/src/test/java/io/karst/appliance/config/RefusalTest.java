package io.karst.appliance.config;

import static io.karst.appliance.config.StartFixture.refusal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What must not start, and the one line that says why. PROTOCOL, "Command line". */
final class RefusalTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            -B http             | protocol = "http": unknown. Use one of auto, ascii, binary.
            -c 0                | conn-limit = "0": below 1. Use a number from 1 up.
            -c -1               | conn-limit = "-1": below 1. Use a number from 1 up.
            -c many             | conn-limit = "many": not a number. Use a number from 1 up.
            -c 99999999999      | conn-limit = "99999999999": above 2147483647. Use a number from 1 up.
            -t 0                | threads = "0": below 1. Use a number from 1 to 1024.
            -t 1025             | threads = "1025": above 1024. Use a number from 1 to 1024.
            -l nosuch.invalid   | listen = "nosuch.invalid": cannot be resolved. Use an address of this machine, for example 127.0.0.1 or [::1].
            -l 127.0.0.1,nosuch | listen = "nosuch": cannot be resolved. Use an address of this machine, for example 127.0.0.1 or [::1].
            -l 127.0.0.1:99999  | listen = "127.0.0.1:99999": "99999" is not a port. Use a number from 0 to 65535.
            -l [::1             | listen = "[::1": not an address. Write IPv6 as [::1] or [::1]:11212.
            -l mtls:127.0.0.1   | listen = "mtls:127.0.0.1": needs TLS. Add -Z and a certificate, or leave the prefix out.
            -l tag_a_:127.0.0.1 | listen = "tag_a_:127.0.0.1": not yet supported. Of the prefixes notls:, btls: and mtls: are.
            -I 1023             | max-item-size = "1023": below 1k. Use a size from 1k to 1g.
            -I 2g               | max-item-size = "2g": above 1g. Use a size from 1k to 1g.
            -I 33m              | max-item-size = "33m": above half of memory-limit (64m). Raise -m or lower -I.
            -m 1                | max-item-size = "1m": above half of memory-limit (1m). Raise -m or lower -I.
            -m 0                | memory-limit = "0": below 1m. Use a size from 1m to 16384g.
            -m 64q              | memory-limit = "64q": not a size. Use digits with an optional k, m or g, for example 64m.
            -m -5               | memory-limit = "-5": not a size. Use digits with an optional k, m or g, for example 64m.
            -m 99999999999999999g | memory-limit = "99999999999999999g": not a size. Use digits with an optional k, m or g, for example 64m.
            -S -B ascii         | protocol = "ascii": cannot go with enable-sasl, which is for the binary protocol. Leave one out.
            -S -B auto          | protocol = "auto": cannot go with enable-sasl, which is for the binary protocol. Leave one out.
            -S -U 11211         | udp-port = "11211": UDP cannot go with logins. Leave it, or enable-sasl and auth-file, out.
            -Y /etc/users -U 1  | udp-port = "1": UDP cannot go with logins. Leave it, or enable-sasl and auth-file, out.
            -Y /etc/users -B auto | protocol = "auto": cannot go with auth-file, which is for the text protocol. Leave one out.
            -Y /etc/users -S    | auth-file = "/etc/users": cannot go with enable-sasl, which is for the binary protocol. Leave one out.
            -Z                  | enable-ssl = "yes": needs a certificate. Name its file with -o ssl_chain_cert.
            -Z -o ssl_chain_cert=c -p 0 -s x | enable-ssl = "yes": needs a TCP port. Leave the unix socket out.
            -Z -o ssl_chain_cert=c,ssl_verify_mode=2 | ssl_verify_mode = "2": certificates of clients need an authority. Name its file with -o ssl_ca_cert.
            -Z -o ssl_chain_cert=c -l mtls:127.0.0.1 | ssl_verify_mode = "0": certificates of clients need an authority. Name its file with -o ssl_ca_cert.
            -o ssl_verify_mode=4 | ssl_verify_mode = "4": above 3. Use a number from 0 to 3.
            -o ssl_keyformat=3  | ssl_keyformat = "3": above 2. Use a number from 1 to 2.
            -d                  | daemon: a Java process cannot detach itself. Start it with the karst script, which can.
            -e /mnt/items       | memory-file = "/mnt/items": not yet supported. Leave it out: the cache starts empty.
            -o ext_path=/d:1G   | ext_path = "/d:1G": not yet supported. Leave it out: Karst keeps items in memory only.
            -p 0                | port = "0": nothing to listen on. Give a port, or a unix socket with -s.
            -p 65536            | port = "65536": above 65535. Use a number from -1 to 65535.
            -p abc              | port = "abc": not a number. Use a number from -1 to 65535.
            -p                  | -p, --port=<num>: its value is missing. Give one.
            -a 999              | unix-mask = "999": not access bits. Use octal digits from 0 to 777, for example 700.
            -D ab               | prefix-delimiter = "ab": not one printable character. Use one such as ":".
            -R 0                | max-reqs-per-event = "0": below 1. Use a number from 1 up.
            -f 1                | slab-growth-factor = "1": not above 1. Leave it out: Karst has no slabs.
            -n 0                | slab-min-size = "0": below 1. Use a number from 1 up.
            -Q                  | "-Q": unknown option. karst --help lists them all.
            --nosuch=1          | "--nosuch=1": unknown option. karst --help lists them all.
            --mem=64            | '--mem' is not unique: it matches '--memory-limit', '--memory-file'. karst --help lists all options.
            stray               | "stray": stray word. Options start with a hyphen.
            -o bogus            | "-o bogus": unknown option. karst --help lists them all.
            -o port=1           | "-o port": unknown option. karst --help lists them all.
            -o hashpower        | -o hashpower: its value is missing. Write -o hashpower=<num>.
            -o idle_timeout=x   | idle_timeout = "x": not a number. Use a number from 0 up.
            -o large=91         | large = "91": above 90. Use a number from 0 to 90.
            -o large=91%        | large = "91%": above 90. Use a number from 0 to 90.
            -o large=%          | large = "%": not a number. Use a number from 0 to 90.
            -o idle_timeout=9%  | idle_timeout = "9%": not a number. Use a number from 0 up.
            -o eviction=fifo    | eviction = "fifo": unknown. Use one of density, clock, lru, lfu, random, none.
            -M -o eviction=clock | eviction = "clock": contradicts disable-evictions. Give one of the two.
            -o admin=0.0.0.0    | admin = "0.0.0.0": can be reached from other machines, and asks for no token. Name a file with one with -o admin_token, or use 127.0.0.1.
            -o admin=nosuch     | admin = "nosuch": cannot be resolved. Use an address of this machine, for example 127.0.0.1 or [::1].
            -o admin=70000      | admin = "127.0.0.1:70000": "70000" is not a port. Use a number from 0 to 65535.
            -o admin=btls:::1   | admin = "btls:::1": needs TLS. Add -Z and a certificate, or leave the prefix out.
            -Z -o ssl_chain_cert=c,admin=mtls:::1 | admin = "mtls:::1": certificates of clients need an authority. Name its file with -o ssl_ca_cert.
            -o admin            | -o admin: its value is missing. Write -o admin=<addr>.
            --config=/nosuch    | config = "/nosuch": no such file. Name one that exists, or leave --config out.
            """)
    void refusesWithOneLine(String words, String line) {
        assertEquals(line, refusal(words.split(" ")));
    }

    @Test
    void aUnixSocketPathLongerThanTheKernelTakesIsRefused() {
        String path = "/tmp/" + "s".repeat(103);
        assertEquals("unix-socket = \"" + path + "\": longer than 107 bytes. Use a shorter path.", refusal("-s", path));
    }

    @Test
    void whatTheOperatorWroteCannotBreakTheLine() {
        assertFalse(refusal("-m", "6\n4").contains("\n"));
    }
}
