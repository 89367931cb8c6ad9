/**
 * Side by side: memcached and Karst on one machine in alternating rounds, and the page that says how it went.
 * Read {@link io.karst.bench.compare.Compare} first.
 */
@NullMarked
package io.karst.bench.compare;

import org.jspecify.annotations.NullMarked;
