package io.karst.appliance.cli;

import java.io.IOException;

/** A server answered, and its answer is no: the message names it and holds its words. */
final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
        super(message);
    }
}
