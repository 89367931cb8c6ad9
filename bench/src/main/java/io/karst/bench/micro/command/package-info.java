/** What executing a command costs besides the store. {@link io.karst.bench.micro.command.BurstTimerBenchmark} is the first. */
@NullMarked
package io.karst.bench.micro.command;

import org.jspecify.annotations.NullMarked;
