/**
 * Plots as SVG text: bars and lines, nothing else. Read {@link io.karst.bench.plot.BarChart} first.
 */
@NullMarked
package io.karst.bench.plot;

import org.jspecify.annotations.NullMarked;
