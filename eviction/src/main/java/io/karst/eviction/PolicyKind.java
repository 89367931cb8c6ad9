package io.karst.eviction;

/** The policies that {@code -o eviction=} can name. */
public enum PolicyKind {
    /** Two-bit CLOCK in address order. */
    CLOCK("clock", new ClockPolicy()),
    /** No eviction ({@code -M}). */
    NONE("none", new NoEviction());

    private final String optionValue;
    private final EvictionPolicy policy;

    PolicyKind(String optionValue, EvictionPolicy policy) {
        this.optionValue = optionValue;
        this.policy = policy;
    }

    /** The word that the operator writes, lower case. */
    public String optionValue() {
        return optionValue;
    }

    /** The shared, stateless implementation. */
    public EvictionPolicy policy() {
        return policy;
    }
}
