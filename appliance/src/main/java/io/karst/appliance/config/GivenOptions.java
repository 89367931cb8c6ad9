package io.karst.appliance.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options that somebody wrote, checked one by one against the table. Written to by the parsers, then read by the
 * resolver; one thread.
 */
final class GivenOptions {
    private final Map<Option, List<Given>> byOption = new EnumMap<>(Option.class);

    /** Adds one value, or refuses it. */
    void add(Given given) {
        ArgumentText.check(given);
        byOption.computeIfAbsent(given.option(), option -> new ArrayList<>()).add(given);
    }

    /** Adds everything of {@code other}; where both have an option, only the other's values remain. */
    void overrideWith(GivenOptions other) {
        byOption.putAll(other.byOption);
    }

    /** Whether it was given and, for a flag, not as no. */
    boolean isOn(Option option) {
        return last(option).map(ArgumentText::flag).orElse(false);
    }

    /** The value that counts, as in getopt the last one. */
    Optional<Given> last(Option option) {
        List<Given> values = all(option);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /** All values in the order they were written. */
    List<Given> all(Option option) {
        return byOption.getOrDefault(option, List.of());
    }

    /** The value that counts, or the table's default. */
    Given lastOrDefault(Option option) {
        return last(option).orElseGet(() -> new Given(option, option.defaultText(), Source.DEFAULT));
    }
}
