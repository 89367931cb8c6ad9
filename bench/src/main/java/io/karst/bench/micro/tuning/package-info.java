/**
 * Benchmarks of {@code io.karst.tuning}. Measuring must not cost what it measures.
 * Read {@link io.karst.bench.micro.tuning.LatencyRecorderBenchmark} first.
 */
@NullMarked
package io.karst.bench.micro.tuning;

import org.jspecify.annotations.NullMarked;
