/**
 * {@code karst ring}: shows, plans and checks where clients place keys, from a list of nodes and without a server.
 * Read {@link io.karst.appliance.ring.RingCommand} first.
 */
@NullMarked
package io.karst.appliance.ring;

import org.jspecify.annotations.NullMarked;
