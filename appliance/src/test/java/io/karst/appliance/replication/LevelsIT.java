package io.karst.appliance.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.Cluster;
import io.karst.appliance.fixture.RawClient;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** CON-2 to CON-4, API-12: a request waits for as many nodes as it says, and says so when they do not answer. */
@Timeout(120)
class LevelsIT {
    @TempDir
    private Path directory;

    private Cluster three(String... options) throws Exception {
        return new Cluster(directory, 3, "ring-rebuild", "127.0.0.1:%d", 3, options).start();
    }

    @Test
    void aWriteAtALevelIsThereWhenItIsAnswered() throws Exception {
        try (Cluster cluster = three();
                RawClient first = cluster.connect(0);
                RawClient second = cluster.connect(1);
                RawClient third = cluster.connect(2)) {
            for (int i = 0; i < 300; i++) {
                first.ask("ms k" + i + " 3 Lall k Oq" + i + "\r\nall", "HD kk" + i + " Oq" + i);
                second.ask("get k" + i, "VALUE k" + i + " 0 3\r\nall\r\nEND");
                third.ask("get k" + i, "VALUE k" + i + " 0 3\r\nall\r\nEND");
            }
            for (int i = 0; i < 300; i++) {
                first.ask("ms k" + i + " 6 Lquorum\r\nquorum", "HD");
                third.ask("mg k" + i + " v f k Lquorum", "VA 6 f0 kk" + i + "\r\nquorum");
                second.ask("md k" + i + " Lquorum", "HD");
                third.ask("mg k" + i + " v Lquorum k O1", "EN O1 kk" + i);
            }
            first.ask("ma n Lall N0 J7", "HD");
            second.ask("mg n v", "VA 1\r\n7");
        }
    }

    @Test
    void answersKeepTheOrderOfRequests() throws Exception {
        try (Cluster cluster = three();
                RawClient first = cluster.connect(0)) {
            first.send("set a 0 0 1\r\n1\r\nms b 1 Lquorum\r\n2\r\nget a\r\nmg b v Lall\r\nms c 1 Lany\r\n3\r\nmn\r\n");
            first.expect("STORED\r\nHD\r\nVALUE a 0 1\r\n1\r\nEND\r\nVA 1\r\n2\r\nHD\r\nMN\r\n");
            first.ask("mg b v Lany", "CLIENT_ERROR level any is for writes");
            first.ask("mg b v Lmost", "CLIENT_ERROR bad level");
            first.ask("mg b v T30 Lall", "CLIENT_ERROR level of mg with E, N, R or T");
            first.ask("ms b 1 Lall ME\r\nx", "NS");
            first.ask("mg b v q Lall\r\nmn", "VA 1\r\n2\r\nMN");
            first.ask("mg nothing v q Lall\r\nmn", "MN");
        }
    }

    @Test
    void withoutEnoughNodesAClientIsToldSoAndTheWriteIsHere() throws Exception {
        try (Cluster cluster = three("-o", "level_timeout=500")) {
            cluster.kill(2);
            try (RawClient first = cluster.connect(0)) {
                first.ask("ms a 1 Lquorum\r\n1", "HD");
                first.ask("ms b 1 Lall\r\n2", "SERVER_ERROR no quorum");
                first.ask("get b", "VALUE b 0 1\r\n2\r\nEND");
                first.ask("mg b v Lall", "SERVER_ERROR no quorum");
                cluster.kill(1);
                first.ask("ms a 1 Lquorum\r\n3", "SERVER_ERROR no quorum");
                first.ask("mg a v Lquorum", "SERVER_ERROR no quorum");
                first.ask("ms a 1 Lone\r\n4", "HD");
                first.ask("ms a 1 Lany\r\n5", "HD");
            }
        }
    }

    @Test
    void theLevelOfWritesMayBeTheNodesOwnForClientsThatKnowNone() throws Exception {
        try (Cluster cluster = three("-o", "consistency=all", "-o", "level_timeout=500");
                RawClient first = cluster.connect(0);
                RawClient second = cluster.connect(1);
                BinaryClient binary = new BinaryClient(cluster.addresses().get(0))) {
            for (int i = 0; i < 200; i++) {
                first.ask("set k" + i + " 0 0 1\r\n1", "STORED");
                second.ask("incr k" + i + " 1", "2");
                first.ask("get k" + i, "VALUE k" + i + " 0 1\r\n2\r\nEND");
                assertEquals(
                        0,
                        binary.ask(0x01, 0, BinaryClient.storing(0, 0), "k" + i, "b")
                                .status());
                second.ask("get k" + i, "VALUE k" + i + " 0 1\r\nb\r\nEND");
            }
            // What nobody waits for is not waited for.
            first.ask("set k 0 0 1 noreply\r\n1\r\nmn", "MN");
            cluster.kill(2);
            first.ask("set k 0 0 1\r\n3", "SERVER_ERROR no quorum");
            int status =
                    binary.ask(0x01, 0, BinaryClient.storing(0, 0), "k", "b").status();
            assertEquals(0x86, status);
            assertEquals("0", first.stats("replication").get("waiting"));
        }
    }
}
