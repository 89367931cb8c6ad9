package io.karst.appliance.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.karst.appliance.fixture.Tools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code karst ring}: words in, text and exit status out. */
class RingCommandTest {
    private static final String FIVE =
            "127.0.7.1:11211,127.0.7.2:11211,127.0.7.2:11212,127.0.7.4:11211,127.0.7.5:11311";
    private static final Path VECTORS = Tools.inTree("replication-udp/src/test/resources/io/karst/ring");

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    private int run(String... words) {
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(complained, true, StandardCharsets.UTF_8);
        return new RingCommand(out, err).run(List.of(words));
    }

    private List<String> lines() {
        return said.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private String complaint() {
        return complained.toString(StandardCharsets.UTF_8);
    }

    @Test
    void showTellsSharesAndWhatWeightsAskFor() {
        assertEquals(0, run("show", "--nodes", "a:11211,b:11211=2", "--placement", "ring-rebuild"));
        assertEquals("node     weight    share    ideal  ratio", lines().get(0));
        assertTrue(lines().get(1).matches("a:11211 {7}1  \\d\\d\\.\\d\\d %  33\\.33 %  \\d\\.\\d{3}"), lines().get(1));
        assertTrue(lines().get(2).matches("b:11211 {7}2  \\d\\d\\.\\d\\d %  66\\.67 %  \\d\\.\\d{3}"), lines().get(2));
    }

    @Test
    void clientNamesItsNodesItself() {
        assertEquals(0, run("show", "--nodes", "a:11211,b:11212", "--client", "libmemcached", "--json"));
        String json = lines().get(0);
        assertTrue(json.startsWith("[{\"node\": \"a\", \"weight\": 1, \"share\": 0."), json);
        assertTrue(json.contains("{\"node\": \"b:11212\", \"weight\": 1, \"share\": 0."), json);
        assertTrue(json.endsWith("}]"), json);
    }

    @Test
    void locateNamesTheNodesForEveryClient() {
        assertEquals(0, run("locate", "--nodes", FIVE, "--count", "2", "0"));
        // What the clients did: see the vectors, whose first key is 0.
        assertEquals(
                List.of(
                        "key  client        nodes",
                        "0    spymemcached  127.0.7.5:11311  127.0.7.1:11211",
                        "0    libmemcached  127.0.7.5:11311  127.0.7.4",
                        "0    xmemcached    /127.0.7.2:11211  /127.0.7.1:11211"),
                lines().subList(0, 4));
        assertEquals(6, lines().size());
    }

    @Test
    void locateOnHostsPassesOverNodesOfTheSame() {
        List<String> plain =
                List.of("locate", "--nodes", "h:1,h:2,h:3,i:1", "--client", "dalli", "--count", "2", "a", "b", "c");
        assertEquals(0, run(plain.toArray(String[]::new)));
        assertTrue(lines().stream().skip(1).anyMatch(line -> !line.contains("i:1")), "two of host h: " + lines());
        said.reset();
        List<String> apart = new ArrayList<>(plain);
        apart.add("--hosts");
        assertEquals(0, run(apart.toArray(String[]::new)));
        assertTrue(lines().stream().skip(1).allMatch(line -> line.contains("i:1")), lines().toString());
    }

    @Test
    void locateLeavesOutClientsThatCannotHaveTheseNodes() {
        assertEquals(0, run("locate", "--nodes", "cache1:11211=2,cache2/10.0.0.2:11211", "k"));
        assertEquals(
                List.of("key", "k", "k"),
                lines().stream().map(line -> line.split(" ")[0]).toList());
        assertTrue(complaint().contains("karst: spymemcached is left out: cache1:11211: clients hash the IP address"));
        assertTrue(complaint().contains("karst: pymemcache is left out: cache1:11211: weight 2 has no meaning"));
        assertEquals(3, complaint().lines().count(), complaint());
    }

    @Test
    void slotsAreThoseOfARedisClusterOfThree() {
        assertEquals(0, run("slots", "--nodes", "a,b,c"));
        assertEquals(
                List.of(
                        "node  first   last  slots",
                        "a         0   5460   5461",
                        "b      5461  10922   5462",
                        "c     10923  16383   5461"),
                lines());
        said.reset();
        assertEquals(0, run("slots", "--nodes", "a,b,c", "--json", "123456789"));
        assertEquals(List.of("[{\"key\": \"123456789\", \"slot\": 12739, \"node\": \"c\"}]"), lines());
    }

    @Test
    void planTellsWhatMovesFromWhomToWhom() {
        assertEquals(0, run("plan", "--nodes", "a:1,b:1,c:1,d:1", "--placement", "ring-rebuild", "--add", "e:1"));
        String sentence = lines().get(0);
        assertTrue(
                sentence.matches("(1[6-9]|2[0-4])\\.\\d\\d % of all keys move\\. The node with most has .*"), sentence);
        assertEquals("from  to    moves", lines().get(2));
        assertEquals(
                4,
                lines().stream()
                        .filter(line -> line.matches("[abcd]:1 +e:1 .*"))
                        .count());
        assertTrue(lines().get(lines().size() - 1).startsWith("e:1    0.00 %"), lines().toString());
    }

    @Test
    void planTakesRemovalsAndWeights() {
        List<String> words = List.of(
                "plan",
                "--nodes",
                "a:1,b:1,c:1",
                "--placement",
                "ring-rebuild-xmemcached",
                "--json",
                "--remove",
                "a:1");
        assertEquals(0, run(words.toArray(String[]::new)));
        assertTrue(lines().get(0).contains("\"exact\": true"), lines().get(0));
        assertTrue(lines().get(0).contains("{\"node\": \"a:1\", \"before\": 0."), lines().get(0));
        assertTrue(lines().get(0).contains("\"after\": 0.000000, \"ideal\": 0.000000}"), lines().get(0));
        said.reset();
        List<String> more = new ArrayList<>(words.subList(0, 6));
        more.addAll(List.of("--weight", "b:1=2"));
        assertEquals(0, run(more.toArray(String[]::new)));
        assertTrue(lines().get(0).contains("\"to\": \"b:1\""), lines().get(0));
        assertTrue(!lines().get(0).contains("\"from\": \"b:1\""), lines().get(0));
    }

    @Test
    void planBySampleSaysSo() {
        assertEquals(0, run("plan", "--nodes", "a:1,b:1", "--client", "pymemcache", "--add", "c:1"));
        assertTrue(lines().get(0).contains("move (of a sample of 100,000)."), lines().get(0));
    }

    @ParameterizedTest
    @CsvSource({
        "spymemcached-weighted, spymemcached",
        "libmemcached-25, libmemcached",
        "xmemcached, xmemcached",
        "pymemcache, pymemcache",
        "dalli, dalli"
    })
    void checkFindsEveryKeyOfTheVectorsWhereTheClientPutIt(String vectors, String client) {
        String file = VECTORS.resolve(vectors + ".vectors").toString();
        // Two keys of spymemcached have no second node, so its lines name the first twice.
        assertEquals(0, run("check", "--client", client, file), () -> lines().toString());
        assertEquals(List.of("3000 keys, 0 of them elsewhere."), lines());
    }

    @Test
    void checkNamesKeysThatAreElsewhere() {
        String file = VECTORS.resolve("spymemcached.vectors").toString();
        assertEquals(1, run("check", "--placement", "ring-rebuild", file));
        assertEquals("key", lines().get(0).split(" ")[0]);
        assertEquals("3000 keys, 2279 of them elsewhere; the first 20 are named.", lines().get(lines().size() - 1));
        assertEquals(23, lines().size());
        said.reset();
        assertEquals(1, run("check", "--placement", "ring-rebuild", "--json", file));
        assertTrue(lines().get(0).startsWith("{\"keys\": 3000, \"different\": 2279, \"differences\": [{\"key\": "));
    }

    @Test
    void checkTakesNamesAndNodesFromOptions() throws IOException {
        Path view = Files.writeString(directory.resolve("view"), "# by hand\n0 127.0.7.5:11311\n");
        Path nodes =
                Files.writeString(directory.resolve("nodes"), "# ring\n" + FIVE.replace(",", " 1\n") + " 1 rack5\n\n");
        assertEquals(
                0,
                run("check", "--placement", "spy-redistribute", "--nodes-file", nodes.toString(), view.toString()),
                this::complaint);
        assertEquals(List.of("1 keys, 0 of them elsewhere."), lines());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nonsense",
                "show",
                "show --nodes",
                "show --nodes a:1",
                "show --nodes a:1 --client memcache",
                "show --nodes a:1 --placement ketama",
                "show --nodes a:1 --client dalli --placement dalli",
                "show --nodes a:1=x --client dalli",
                "show --nodes a:1=0 --client dalli",
                "show --nodes a:1,a:1 --client dalli",
                "show --nodes a:1=2 --client pymemcache",
                "show --nodes 10.0.0.300:1 --client dalli",
                "show --nodes a:99999 --client dalli",
                "show --nodes cache1:11211 --client spymemcached",
                "show --nodes a:1=1000000 --client xmemcached",
                "locate --nodes a:1",
                "locate --nodes a:1 --count 0 k",
                "locate --nodes a:1 --count x k",
                "plan --nodes a:1 --client dalli",
                "plan --nodes a:1 --client dalli --remove b:1",
                "plan --nodes a:1 --client dalli --remove a:1",
                "slots"
            })
    void wrongWordsAreRefusedWithOneLine(String words) {
        assertEquals(
                64,
                run(Stream.of(words.split(" ")).filter(word -> !word.isEmpty()).toArray(String[]::new)));
        assertTrue(complaint().matches("karst: .+\\.\\n"), complaint());
        assertEquals("", said.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "key a:1 a:1 a:1", "key c:1", "key 7", "", "#node a:1 x\nkey a:1"})
    void wrongFilesAreRefusedWithOneLine(String text) throws IOException {
        Path view = Files.writeString(directory.resolve("view"), text);
        List<String> words = new ArrayList<>(List.of("check", "--client", "dalli", view.toString()));
        if (!text.startsWith("#")) {
            words.addAll(List.of("--nodes", "a:1,b:1"));
        }
        assertEquals(64, run(words.toArray(String[]::new)));
        assertTrue(complaint().matches("karst: .+\\.\\n"), complaint());
    }

    @Test
    void fileThatIsNotThereIsNoFaultOfWords() {
        assertEquals(
                71, run("check", "--client", "dalli", directory.resolve("none").toString()));
        assertEquals("karst: " + directory.resolve("none") + ": no such file.\n", complaint());
    }

    @Test
    void helpNamesEveryWord() {
        assertEquals(0, run("--help"));
        String help = said.toString(StandardCharsets.UTF_8);
        for (String word : List.of("show", "locate", "slots", "plan", "check")) {
            assertTrue(help.contains("  " + word + " "), help);
            assertEquals(0, run(word, "--help"));
        }
        String all = said.toString(StandardCharsets.UTF_8);
        assertTrue(all.lines().allMatch(line -> line.length() <= 80 && !line.contains("${")), all);
    }
}
