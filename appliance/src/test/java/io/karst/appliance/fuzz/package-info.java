/**
 * Fuzz tests of the dialects: what a server has between the socket and the items, fed with inputs that coverage chooses.
 * Read {@link io.karst.appliance.fuzz.FuzzScript} first: it says what the bytes of an input mean.
 */
@org.jspecify.annotations.NullMarked
package io.karst.appliance.fuzz;
