package io.karst.protocol;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What memcached says to admin commands with wrong arguments; what is right goes to the handler. Cold path. Source:
 * PROTOCOL §1 "Admin".
 */
final class AdminSyntax {
    private static final int MIN_MEMLIMIT_MEGABYTES = 8;
    private static final int MAX_MEMLIMIT_MEGABYTES = 1_000_000_000;
    private static final int MAX_CRAWLER_SLEEP_MICROS = 1_000_000;
    private static final int MAX_LRU_PERCENT = 80;

    private static final Set<String> LOG_STREAMS = Set.of(
            "fetchers",
            "mutations",
            "evictions",
            "connevents",
            "deletions",
            "sysevents",
            "rawcmds",
            "proxyreqs",
            "proxyevents",
            "proxyuser");

    private AdminSyntax() {}

    static boolean takesNoreply(Opcode opcode) {
        return switch (opcode) {
            case FLUSH_ALL, VERBOSITY, CACHE_MEMLIMIT -> true;
            default -> false;
        };
    }

    /** The complaint, or null when the command may be executed; sets its numbers on the way. */
    static @Nullable Reply check(Command command) {
        return switch (command.opcode()) {
            case FLUSH_ALL -> flushAll(command);
            case VERBOSITY -> verbosity(command);
            case CACHE_MEMLIMIT -> cacheMemlimit(command);
            case SLABS -> slabs(command);
            case LRU -> lru(command);
            case EVICTION -> command.argumentCount() == 1 ? null : Reply.ERROR;
            case LRU_CRAWLER -> lruCrawler(command);
            case WATCH -> watch(command);
            case DEBUGTIME -> debugtime(command);
            default -> null;
        };
    }

    private static @Nullable Reply flushAll(Command command) {
        if (command.argumentCount() == 0) {
            return null;
        }
        long delay = signed32(command, 0);
        if (delay == Numbers.INVALID) {
            return Reply.INVALID_EXPTIME;
        }
        command.exptime = (int) delay;
        command.hasExptime = true;
        return null;
    }

    private static @Nullable Reply verbosity(Command command) {
        command.delta = unsigned32(command, 0);
        return command.delta < 0 ? Reply.BAD_FORMAT : null;
    }

    private static @Nullable Reply cacheMemlimit(Command command) {
        command.delta = unsigned32(command, 0);
        if (command.delta < 0) {
            return Reply.ERROR;
        }
        if (command.delta < MIN_MEMLIMIT_MEGABYTES) {
            return Reply.MEMLIMIT_TOO_SMALL;
        }
        return command.delta > MAX_MEMLIMIT_MEGABYTES ? Reply.MEMLIMIT_NOT_MEGABYTES : null;
    }

    private static @Nullable Reply slabs(Command command) {
        int count = command.argumentCount();
        if (count == 3 && command.argument(0).equals("reassign")) {
            boolean isValid = signed32(command, 1) != Numbers.INVALID && signed32(command, 2) != Numbers.INVALID;
            return isValid ? null : Reply.BAD_FORMAT;
        }
        if (count < 2 || !command.argument(0).equals("automove")) {
            return Reply.ERROR;
        }
        return switch (command.argument(1)) {
            case "ratio", "freeratio" -> isPositive(command, 2) ? null : Reply.ERROR;
            case "window" -> unsigned32(command, 2) >= 0 ? null : Reply.BAD_FORMAT;
            default -> {
                long level = unsigned32(command, 1);
                yield level < 0 ? Reply.BAD_FORMAT : level > 2 ? Reply.ERROR : null;
            }
        };
    }

    private static @Nullable Reply lru(Command command) {
        int count = command.argumentCount();
        if (count < 2) {
            return Reply.ERROR;
        }
        return switch (command.argument(0)) {
            case "tune" -> lruTune(command);
            case "mode" -> {
                String mode = command.argument(1);
                yield mode.equals("flat") || mode.equals("segmented") ? null : Reply.ERROR;
            }
            case "temp_ttl" -> signed32(command, 1) == Numbers.INVALID ? Reply.ERROR : null;
            default -> Reply.ERROR;
        };
    }

    private static @Nullable Reply lruTune(Command command) {
        long hot = unsigned32(command, 1);
        long warm = unsigned32(command, 2);
        if (hot < 0 || warm < 0 || command.argumentCount() < 5) {
            return Reply.ERROR;
        }
        if (hot + warm > MAX_LRU_PERCENT) {
            return Reply.LRU_PERCENT_TOO_HIGH;
        }
        return isPositive(command, 3) && isPositive(command, 4) ? null : Reply.LRU_FACTOR_TOO_LOW;
    }

    private static @Nullable Reply lruCrawler(Command command) {
        int count = command.argumentCount();
        String verb = count == 0 ? "" : command.argument(0);
        if (count == 1 && (verb.equals("enable") || verb.equals("disable"))) {
            return null;
        }
        if (verb.equals("metadump") || verb.equals("mgdump")) {
            return keyDump(command);
        }
        if (count != 2) {
            return Reply.ERROR;
        }
        return switch (verb) {
            case "crawl" -> null;
            case "tocrawl" -> unsigned32(command, 1) < 0 ? Reply.BAD_FORMAT : null;
            case "sleep" -> {
                long micros = unsigned32(command, 1);
                yield micros < 0
                        ? Reply.BAD_FORMAT
                        : micros > MAX_CRAWLER_SLEEP_MICROS ? Reply.CRAWLER_SLEEP_TOO_LONG : null;
            }
            default -> Reply.ERROR;
        };
    }

    /** Behind the classes, ours: {@code limit=n} and {@code cursor=n}, at most 18 digits each. */
    private static @Nullable Reply keyDump(Command command) {
        int count = command.argumentCount();
        if (count < 2 || count > 4) {
            return Reply.ERROR;
        }
        for (int i = 2; i < count; i++) {
            String argument = command.argument(i);
            if (!argument.startsWith("limit=") && !argument.startsWith("cursor=")) {
                return Reply.ERROR;
            }
            if (!argument.matches("[a-z]+=[0-9]{1,18}")) {
                return Reply.BAD_FORMAT;
            }
        }
        return null;
    }

    private static @Nullable Reply watch(Command command) {
        for (int i = 0; i < command.argumentCount(); i++) {
            if (!LOG_STREAMS.contains(command.argument(i))) {
                return Reply.ERROR;
            }
        }
        return null;
    }

    private static @Nullable Reply debugtime(Command command) {
        long seconds = signed32(command, 0);
        command.delta = seconds;
        return seconds == Numbers.INVALID ? Reply.ERROR : null;
    }

    private static long signed32(Command command, int i) {
        return i < command.argumentCount()
                ? Numbers.signed32(command.keyAddress(i), command.keyLength(i))
                : Numbers.INVALID;
    }

    private static long unsigned32(Command command, int i) {
        return i < command.argumentCount()
                ? Numbers.unsigned32(command.keyAddress(i), command.keyLength(i))
                : Numbers.INVALID;
    }

    private static boolean isPositive(Command command, int i) {
        if (i >= command.argumentCount()) {
            return false;
        }
        try {
            return Double.parseDouble(command.argument(i)) > 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
