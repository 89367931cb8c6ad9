package io.karst.appliance.config;

import java.util.List;

/**
 * One row of the {@link Option} table while it is being written down: each method fills one column and returns the row.
 * Used by the table's initialiser only, so it is neither shared nor changed afterwards.
 */
final class Row {
    static final long UNBOUNDED = Integer.MAX_VALUE;

    final char letter;
    final String name;
    final boolean subOption;
    Topic topic = Topic.INTERNALS;
    Argument argument = Argument.FLAG;
    Support support = Support.MEMCACHED;
    String unit = "";
    long least = Long.MIN_VALUE;
    long most = UNBOUNDED;
    List<String> choices = List.of();
    String defaultText = "no";
    String statKey = "";
    String meaning = "";
    String detail = "";
    String instead = "";

    private Row(char letter, String name, boolean subOption) {
        this.letter = letter;
        this.name = name;
        this.subOption = subOption;
    }

    /** A row with memcached's letter and long name. */
    static Row option(char letter, String name) {
        return new Row(letter, name, false);
    }

    /** A row with a long name only. */
    static Row longOnly(String name) {
        return new Row('\0', name, false);
    }

    /** A row that is given as {@code -o name} or {@code -o name=value}. */
    static Row sub(String name) {
        return new Row('\0', name, true);
    }

    Row in(Topic heading) {
        this.topic = heading;
        return this;
    }

    Row takes(Argument kind, String defaultValue) {
        this.argument = kind;
        this.defaultText = defaultValue;
        return this;
    }

    Row unit(String name) {
        this.unit = name;
        return this;
    }

    Row from(long smallest) {
        this.least = smallest;
        return this;
    }

    Row to(long largest) {
        this.most = largest;
        return this;
    }

    Row oneOf(String defaultValue, String... words) {
        this.choices = List.of(words);
        return takes(Argument.CHOICE, defaultValue);
    }

    Row stat(String key) {
        this.statKey = key;
        return this;
    }

    Row means(String sentence) {
        this.meaning = sentence;
        return this;
    }

    Row more(String sentences) {
        this.detail = sentences;
        return this;
    }

    Row ours() {
        this.support = Support.OURS;
        return this;
    }

    Row ignored() {
        this.support = Support.IGNORED;
        return this;
    }

    /** Refused at start; {@code whatInstead} tells the operator what to do, as a sentence. */
    Row refused(String whatInstead) {
        this.support = Support.REFUSED;
        this.instead = whatInstead;
        return this;
    }
}
