/**
 * The load generator: one thread, one epoll loop, every reply checked byte by byte, latency from the intended time.
 * Read {@link io.karst.bench.load.LoadGenerator} first.
 */
@NullMarked
package io.karst.bench.load;

import org.jspecify.annotations.NullMarked;
