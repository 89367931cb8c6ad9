/** Benchmarks of {@code io.karst.replication}: what a node with peers costs its loops. */
@NullMarked
package io.karst.bench.micro.replication;

import org.jspecify.annotations.NullMarked;
