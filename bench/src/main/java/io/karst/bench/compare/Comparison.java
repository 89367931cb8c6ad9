package io.karst.bench.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All samples of a comparison: what the page is made of. Rows and columns keep the order they came in. */
final class Comparison {
    private final Map<Workload, Map<String, List<Sample>>> full = new LinkedHashMap<>();
    private final Map<Workload, Map<String, List<Sample>>> half = new LinkedHashMap<>();
    private final Map<Workload, Double> halfRates = new LinkedHashMap<>();
    private final List<Workload> depths = new ArrayList<>();
    private final Map<Fill, Map<String, Fill.Kept>> fills = new LinkedHashMap<>();
    private final Map<String, String> commands = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();

    void addFull(Workload workload, String rival, Sample sample) {
        add(full, workload, rival, sample);
    }

    void addHalf(Workload workload, String rival, Sample sample) {
        add(half, workload, rival, sample);
    }

    private void add(Map<Workload, Map<String, List<Sample>>> to, Workload workload, String rival, Sample sample) {
        to.computeIfAbsent(workload, key -> new LinkedHashMap<>())
                .computeIfAbsent(rival, key -> new ArrayList<>())
                .add(sample);
        if (!sample.wrong().isEmpty()) {
            addProblem(rival + ", " + workload.name() + ": " + sample.wrong());
        }
    }

    void addHalfRate(Workload workload, double perSecond) {
        halfRates.put(workload, perSecond);
    }

    void addFill(Fill fill, String rival, Fill.Kept kept) {
        fills.computeIfAbsent(fill, key -> new LinkedHashMap<>()).put(rival, kept);
        if (!kept.wrong().isEmpty()) {
            addProblem(rival + ", " + fill.name() + ": " + kept.wrong());
        }
    }

    void addCommand(String rival, String commandLine) {
        commands.putIfAbsent(rival, commandLine);
    }

    void addProblem(String problem) {
        problems.add(problem);
    }

    /** These rows belong to the plot of depths, not to the tables. */
    void depths(List<Workload> rows) {
        depths.addAll(rows);
    }

    boolean isDepth(Workload workload) {
        return depths.contains(workload);
    }

    List<Workload> depths() {
        return depths;
    }

    List<Workload> workloads() {
        return full.keySet().stream().filter(row -> !isDepth(row)).toList();
    }

    /** The rivals that took part in a workload, in order. */
    List<String> rivals(Workload workload) {
        return List.copyOf(full.getOrDefault(workload, Map.of()).keySet());
    }

    List<Sample> full(Workload workload, String rival) {
        return full.getOrDefault(workload, Map.of()).getOrDefault(rival, List.of());
    }

    List<Sample> half(Workload workload, String rival) {
        return half.getOrDefault(workload, Map.of()).getOrDefault(rival, List.of());
    }

    /** CPU per request of one rival divided by that of another, round by round. */
    Spread cpuRatio(Workload workload, String over, String under) {
        return Spread.ratio(
                Spread.values(full(workload, over), Sample::serverCpuMicros),
                Spread.values(full(workload, under), Sample::serverCpuMicros));
    }

    double halfRate(Workload workload) {
        return halfRates.getOrDefault(workload, 0.0);
    }

    Map<Fill, Map<String, Fill.Kept>> fills() {
        return fills;
    }

    Map<String, String> commands() {
        return commands;
    }

    List<String> problems() {
        return problems;
    }
}
