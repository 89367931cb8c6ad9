/** Microbenchmarks of the eviction policies. */
@NullMarked
package io.karst.bench.micro.eviction;

import org.jspecify.annotations.NullMarked;
