package io.karst.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Our own bugs: they cost one connection, not the loop. */
@Timeout(60)
class HandlerFailureTest {
    private final Logger logger = Logger.getLogger(LoopContext.class.getName());

    @BeforeEach
    void keepTheExpectedFromTheLog() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void logAgain() {
        logger.setLevel(null);
    }

    private static final class FailingHandler implements CommandHandler {
        @Override
        public Progress execute(Command command, ReplyWriter replies, ClientConnection connection) {
            replies.line(Reply.OK);
            if (command.opcode() == Opcode.DELETE || command.opcode() == Opcode.SET) {
                throw new IllegalStateException("a bug");
            }
            return Progress.DONE;
        }

        @Override
        public void tooLarge(String commandName, boolean isSet, long key, int keyLength, int valueLength) {
            throw new IllegalStateException("another bug");
        }

        @Override
        public void outOfBudget(String commandName, boolean isSet, long key, int keyLength, int valueLength) {}
    }

    private static void fails(String input) {
        try (TestClient client = new TestClient(ProtocolLimits.defaults(), new FailingHandler());
                TestClient neighbour = client.neighbour()) {
            client.send(input);
            assertFalse(client.isOpen());
            neighbour.send("touch a 1\r\n").expect("OK\r\n");
            assertTrue(neighbour.isOpen());
            assertEquals(1, client.loop.counters().get(WireCounter.HANDLER_FAILURES));
            assertEquals(1, client.loop.counters().get(WireCounter.CURR_CONNECTIONS));
            assertEquals(0, client.loop.counters().get(WireCounter.IN_FLIGHT_BYTES));
        }
    }

    @Test
    void exceptionClosesItsConnectionOnly() {
        fails("touch a 1\r\ndelete a\r\ntouch a 1\r\n");
    }

    @Test
    void exceptionInTheMiddleOfACollectedValue() {
        fails("set a 0 0 40000\r\n" + "x".repeat(40_000) + "\r\n");
    }

    @Test
    void exceptionWhileRefusing() {
        fails("set a 0 0 1048576\r\n");
    }
}
