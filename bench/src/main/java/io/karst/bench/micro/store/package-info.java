/**
 * Benchmarks of {@code io.karst.store}: what one item operation costs without a network.
 * Read {@link io.karst.bench.micro.store.StoreSessionBenchmark} first.
 */
@NullMarked
package io.karst.bench.micro.store;

import org.jspecify.annotations.NullMarked;
