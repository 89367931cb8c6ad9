/**
 * Benchmarks of {@code io.karst.appliance.hotkeys}. Read {@link io.karst.bench.micro.hotkeys.HotKeysBenchmark} first.
 */
@NullMarked
package io.karst.bench.micro.hotkeys;

import org.jspecify.annotations.NullMarked;
