/**
 * Benchmarks of {@code io.karst.protocol}: what parsing and answering cost without a socket and without a store.
 * Read {@link io.karst.bench.micro.protocol.MemcacheConnectionBenchmark} first.
 */
@NullMarked
package io.karst.bench.micro.protocol;

import org.jspecify.annotations.NullMarked;
