/**
 * Latency measurement: one recorder per event loop, snapshots merged over loops, and the lines an operator reads.
 * Recording allocates nothing and takes no lock.
 */
@NullMarked
package io.karst.tuning;

import org.jspecify.annotations.NullMarked;
