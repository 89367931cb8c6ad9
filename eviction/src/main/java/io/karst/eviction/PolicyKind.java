package io.karst.eviction;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The policies that {@code -o eviction=} and the command {@code eviction} can name. */
public enum PolicyKind {
    /** The window that would lose the least hits per byte. */
    DENSITY(new DensityPolicy()),
    /** Two-bit CLOCK in address order. */
    CLOCK(new ClockPolicy()),
    /** Least recently used. */
    LRU(new LruPolicy()),
    /** Least frequently used, with ageing. */
    LFU(new LfuPolicy()),
    /** A random window. */
    RANDOM(new RandomPolicy()),
    /** No eviction ({@code -M}). */
    NONE(new NoEviction());

    private final EvictionPolicy policy;

    PolicyKind(EvictionPolicy policy) {
        this.policy = policy;
    }

    /** The word that the operator writes, lower case. */
    public String optionValue() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The policy of a word, or null when there is none. */
    public static @Nullable PolicyKind of(String optionValue) {
        for (PolicyKind kind : values()) {
            if (kind.optionValue().equals(optionValue)) {
                return kind;
            }
        }
        return null;
    }

    /** The shared, stateless implementation. */
    public EvictionPolicy policy() {
        return policy;
    }
}
