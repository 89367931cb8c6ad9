/**
 * The {@code watch} command: what happens on the event loops, as lines of text for whoever asked to see them.
 * Read {@link io.karst.appliance.watch.LogHub} first.
 */
@NullMarked
package io.karst.appliance.watch;

import org.jspecify.annotations.NullMarked;
