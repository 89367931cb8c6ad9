/**
 * Microbenchmarks and load runs: what is claimed about speed is measured here.
 * The microbenchmarks are under {@code io.karst.bench.micro}, one package per module.
 */
@NullMarked
package io.karst.bench;

import org.jspecify.annotations.NullMarked;
