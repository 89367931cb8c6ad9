package io.karst.appliance.consistency;

import io.karst.appliance.consistency.Event.Kind;
import io.karst.appliance.consistency.Event.Outcome;
import io.karst.appliance.fixture.BinaryClient;
import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;

/** One connection that works on one key, in one of three dialects. */
abstract class KeyClient implements AutoCloseable {
    /** What a read found. */
    record Read(int value, long cas) {}

    abstract Read read(String key) throws IOException;

    abstract Outcome change(Kind kind, String key, int value, long cas) throws IOException;

    @Override
    public abstract void close() throws IOException;

    /** A dialect of lines. */
    private abstract static class Lines extends KeyClient {
        final RawClient client;

        Lines(InetSocketAddress address) throws IOException {
            client = RawClient.connect(address);
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }

    /** {@code gets}, {@code set}, ... */
    static final class Text extends Lines {
        Text(InetSocketAddress address) throws IOException {
            super(address);
        }

        @Override
        Read read(String key) throws IOException {
            String line = client.send("gets " + key + "\r\n").line();
            if (line.equals("END")) {
                return new Read(Event.ABSENT, 0);
            }
            int value = Integer.parseInt(client.line());
            client.expect("END\r\n");
            return new Read(value, Long.parseLong(line.split(" ")[4]));
        }

        @Override
        Outcome change(Kind kind, String key, int value, long cas) throws IOException {
            if (kind == Kind.DELETE) {
                return outcome(client.send("delete " + key + "\r\n").line());
            }
            String data = Integer.toString(value);
            String token = kind == Kind.CAS ? " " + cas : "";
            String name = kind.name().toLowerCase(java.util.Locale.ROOT);
            return outcome(client.send(name + " " + key + " 0 0 " + data.length() + token + "\r\n" + data + "\r\n")
                    .line());
        }

        private static Outcome outcome(String line) {
            return switch (line) {
                case "STORED", "DELETED" -> Outcome.DONE;
                case "NOT_STORED" -> Outcome.REFUSED;
                case "EXISTS" -> Outcome.EXISTS;
                case "NOT_FOUND" -> Outcome.NOT_FOUND;
                default -> throw new AssertionError(line);
            };
        }
    }

    /** {@code mg}, {@code ms}, {@code md}. */
    static final class Meta extends Lines {
        Meta(InetSocketAddress address) throws IOException {
            super(address);
        }

        @Override
        Read read(String key) throws IOException {
            String line = client.send("mg " + key + " c v\r\n").line();
            if (line.equals("EN")) {
                return new Read(Event.ABSENT, 0);
            }
            return new Read(Integer.parseInt(client.line()), Long.parseLong(line.substring(line.indexOf(" c") + 2)));
        }

        @Override
        Outcome change(Kind kind, String key, int value, long cas) throws IOException {
            String data = Integer.toString(value);
            String store = "ms " + key + " " + data.length();
            String end = "\r\n" + data + "\r\n";
            String line = client.send(
                            switch (kind) {
                                case DELETE -> "md " + key + "\r\n";
                                case ADD -> store + " ME" + end;
                                case REPLACE -> store + " MR" + end;
                                case CAS -> store + " C" + cas + end;
                                default -> store + end;
                            })
                    .line();
            return switch (line) {
                case "HD" -> Outcome.DONE;
                case "NS" -> Outcome.REFUSED;
                case "EX" -> Outcome.EXISTS;
                case "NF" -> Outcome.NOT_FOUND;
                default -> throw new AssertionError(line);
            };
        }
    }

    /** Opcodes 0 to 4. */
    static final class Binary extends KeyClient {
        private static final int NOT_FOUND = 1;
        private static final int EXISTS = 2;

        private final BinaryClient client;

        Binary(InetSocketAddress address) throws IOException {
            client = new BinaryClient(address);
        }

        @Override
        Read read(String key) throws IOException {
            BinaryClient.Answer answer = client.ask(0, 0, "", key, "");
            return answer.status() == NOT_FOUND
                    ? new Read(Event.ABSENT, 0)
                    : new Read(Integer.parseInt(answer.value()), answer.cas());
        }

        @Override
        Outcome change(Kind kind, String key, int value, long cas) throws IOException {
            int opcode = switch (kind) {
                case ADD -> 2;
                case REPLACE -> 3;
                case DELETE -> 4;
                default -> 1;
            };
            String extras = kind == Kind.DELETE ? "" : BinaryClient.storing(0, 0);
            String data = kind == Kind.DELETE ? "" : Integer.toString(value);
            int status = client.ask(opcode, kind == Kind.CAS ? cas : 0, extras, key, data)
                    .status();
            return switch (status) {
                case 0 -> Outcome.DONE;
                case NOT_FOUND -> kind == Kind.REPLACE ? Outcome.REFUSED : Outcome.NOT_FOUND;
                case EXISTS -> kind == Kind.ADD ? Outcome.REFUSED : Outcome.EXISTS;
                default -> throw new AssertionError("status " + status);
            };
        }

        @Override
        public void close() throws IOException {
            client.close();
        }
    }
}
