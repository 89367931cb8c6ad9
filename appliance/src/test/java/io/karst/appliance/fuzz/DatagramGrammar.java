package io.karst.appliance.fuzz;

/** A command of any dialect. Stateless. */
final class DatagramGrammar implements FuzzScript.Grammar {
    private final BinaryGrammar binary = new BinaryGrammar();

    @Override
    public void command(FuzzScript choices, Bytes out) {
        switch (choices.next(3)) {
            case 0 -> TextGrammar.CLASSIC.command(choices, out);
            case 1 -> TextGrammar.META.command(choices, out);
            default -> binary.command(choices, out);
        }
    }
}
