package io.karst.tuning.doctor;

import java.util.function.BiFunction;

/**
 * One row of the doctor's table.
 *
 * @param id a name with hyphens, unique
 * @param why what it costs when it is not as wanted
 * @param source who says so
 * @param reading looks
 */
record Check(String id, String why, String source, BiFunction<Host, Demand, Reading> reading) {
    Finding examine(Host host, Demand demand) {
        Reading seen = reading.apply(host, demand);
        return new Finding(id, seen.severity(), seen.found(), seen.wanted(), why, seen.fix(), source);
    }
}
