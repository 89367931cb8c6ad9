package io.karst.appliance.config;

import static io.karst.appliance.config.CommandRow.command;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code karst} does besides serving, one row per command: {@code karst help}, {@code --help} of the commands that are made from
 * it, the manual page {@code karst(8)}, {@code docs/operate/commands.md}, the README's list and the completion for bash all come from
 * these rows. After a change here run the command that {@code OptionDocsTest} prints.
 */
public enum Subcommand {
    /** The server. */
    SERVE(command("serve")
            .use("[options]")
            .means("serves, as karst does without a command")
            .more("The options are those of karst(1).")),
    /** Statistics of a running server. */
    STATS(command("stats")
            .use("[HOST[:PORT]] [GROUP]")
            .means("prints the statistics of a running server")
            .more("GROUP is what stands behind stats in the protocol: " + StatsGroup.list()
                    + ". Another single word is a" + " host. Of detail, the answer to detail dump is printed.")
            .more("With slo the exit status is 1 when a target is missed.")
            .flag("--json", "print one JSON object")
            .asksAServer()),
    /** A live view. */
    TOP(command("top")
            .use("[HOST[:PORT]]")
            .means("shows what a running server does, again and again")
            .more(
                    "Rates, hit ratio, latencies, memory, connections and evictions. On a terminal it redraws in place until q or"
                            + " Ctrl-C; into a file or a pipe it prints one line per interval. Latencies are those since the server's"
                            + " start or stats reset.")
            .takes("-i, --interval", "SECONDS", "seconds between two looks, fractions allowed (2)")
            .takes("-n, --count", "N", "stop after so many")
            .flag("--once", "look twice, an interval apart, print lines, and stop")
            .asksAServer()),
    /** Percentiles. */
    LATENCY(command("latency")
            .use("[HOST[:PORT]]")
            .use("FILE...")
            .means("prints latencies per kind of command, of a running server or from latency logs")
            .more(
                    "What exists as a file is read as a log of -o hlog, or another HdrHistogram log of nanoseconds; several are put"
                            + " together. Times are in microseconds.")
            .flag("--json", "print one JSON object")
            .takes("--svg", "FILE", "draw it: percentiles, and for logs the 99th percentile over time")
            .asksAServer()),
    /** One item. */
    GET(command("get")
            .use("KEY")
            .means("prints the value of an item")
            .more("Byte for byte; on a terminal a line feed follows. Exit status 1 when there is no such item.")
            .asksAServer()),
    /** Stores an item. */
    SET(command("set")
            .use("KEY [VALUE | -]")
            .means("stores an item")
            .more(
                    "Without VALUE, or with -, the value is read from stdin, to its end. A VALUE that begins with a hyphen goes"
                            + " behind --.")
            .takes("--exptime", "SECONDS", "time to live, with memcached's meaning (0, for ever)")
            .takes("--flags", "N", "the client flags, 0 to 4294967295 (0)")
            .asksAServer()),
    /** Deletes an item. */
    DELETE(command("delete")
            .use("KEY")
            .means("deletes an item")
            .more("Exit status 1 when there is no such item.")
            .asksAServer()),
    /** Copies a memcached. */
    WARM(command("warm")
            .use("--from HOST:PORT [--to HOST:PORT] [--overwrite]")
            .means("copies the items of a running memcached (1.4.31 or later) to a running Karst")
            .more("Flags and remaining time to live are kept.")
            .takes("--from", "HOST:PORT", "the memcached to copy from")
            .takes("--to", "HOST:PORT", "the Karst to copy to (127.0.0.1:11211)")
            .flag("--overwrite", "replace what is already there; otherwise what clients wrote meanwhile stays")),
    /** The machine. */
    DOCTOR(command("doctor")
            .use("[--json] [--all] [--root DIR] [--emit DIR] [options]")
            .means("says what to change on this machine, and why")
            .more(
                    "Compares the machine with what a server with these options asks of it; without options, one with those of"
                            + " /etc/karst/karst.conf. Reads files, changes nothing. Exit status 0 says that nothing is to be done, 1"
                            + " warnings, 2 errors.")
            .flag("--json", "one JSON object on stdout")
            .flag("--all", "name what is as wanted, too")
            .takes("--root", "DIR", "examine the machine whose files are below DIR")
            .takes(
                    "--emit",
                    "DIR",
                    "write sysctl.d, tmpfiles.d and a drop-in of the service below DIR, to read and copy")),
    /** How many machines. */
    PLAN(command("plan")
            .use("[--items N] [--requests N] ...")
            .means("says how many servers a load needs, with its figures")
            .more("karst plan --help lists what it can be told.")),
    /** Where keys are. */
    RING(command("ring")
            .use("show|locate|slots|plan|check [options]")
            .means("tells where clients place keys")
            .more(
                    "On nodes that it is given: the part that each node owns, the nodes of a key, what moves when a node comes or"
                            + " goes, and whether a client's own view is the same, with exit status 1 when it is not. karst ring show"
                            + " --help and so on list the options.")),
    /** Users of -S. */
    PASSWD(command("passwd")
            .use("[--file FILE] [--delete] NAME")
            .means("keeps the users of -S")
            .more(
                    "Adds a user, gives one another password, or deletes one. It asks for the password on a terminal, and reads it"
                            + " from the first line of its input otherwise.")
            .takes("--file", "FILE", "the users file (" + Settings.DEFAULT_SASL_USERS + ")")
            .flag("--delete", "delete the user")),
    /** Which Karst. */
    VERSION(command("version").use("").means("prints the version")),
    /** This list. */
    HELP(command("help").use("[COMMAND]").means("prints all options, or what a command can be told"));

    /**
     * An option of a command.
     *
     * @param names with their hyphens, a short one first if there is one
     * @param placeholder for its value, empty when it takes none
     * @param meaning in one line without a full stop
     */
    public record Flag(List<String> names, String placeholder, String meaning) {
        /** As help shows it: {@code -i, --interval SECONDS}. */
        String text() {
            return (String.join(", ", names) + " " + placeholder).strip();
        }

        /** The long name. */
        public String name() {
            return names.get(names.size() - 1);
        }
    }

    private final CommandRow row;

    Subcommand(CommandRow row) {
        this.row = row;
    }

    /** The command that a word names. */
    public static Optional<Subcommand> named(String word) {
        return Stream.of(values())
                .filter(command -> command.word().equals(word))
                .findFirst();
    }

    /** The word behind {@code karst}. */
    public String word() {
        return row.word;
    }

    /** What may stand behind the word, one or more ways. */
    public List<String> uses() {
        return List.copyOf(row.uses);
    }

    /** What it does, in one line without a full stop. */
    public String meaning() {
        return row.meaning;
    }

    /** What else to know, in paragraphs. */
    public List<String> details() {
        return List.copyOf(row.details);
    }

    /** Its options, {@code --help} excepted. */
    public List<Flag> flags() {
        return List.copyOf(row.flags);
    }

    /** What {@code --help} prints; it ends with a line feed. */
    public String help() {
        return CommandPages.help(this);
    }
}
