/**
 * Real request traces, replayed over the wire against both servers at equal memory.
 * Read {@link io.karst.bench.trace.Replay} first.
 */
@NullMarked
package io.karst.bench.trace;

import org.jspecify.annotations.NullMarked;
