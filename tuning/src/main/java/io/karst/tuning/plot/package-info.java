/**
 * Plots as SVG text: bars and lines, nothing else; for reports of the server and of the benchmarks. Read {@link io.karst.tuning.plot.BarChart} first.
 */
@NullMarked
package io.karst.tuning.plot;

import org.jspecify.annotations.NullMarked;
