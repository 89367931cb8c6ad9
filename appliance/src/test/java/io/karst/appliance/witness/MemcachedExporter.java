package io.karst.appliance.witness;

import io.karst.appliance.fixture.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/**
 * What Prometheus' memcached_exporter makes of a server's {@code stats}: its four questions, its client's way to split the
 * answers, its rules for values. A row that is not there is no metric and no error, except those that cmd_set is reduced
 * by; a value that does not parse makes the exporter report the server as down. Source: PROTOCOL section 4.
 */
final class MemcachedExporter {
    private static final List<String> OPERATIONS = List.of("get", "delete", "incr", "decr", "cas", "touch");
    private static final List<String> GENERAL = List.of(
            ("uptime time cas_badval cmd_flush bytes limit_maxbytes curr_items total_items bytes_read bytes_written"
                            + " curr_connections total_connections rejected_connections conn_yields listen_disabled_num"
                            + " evictions reclaimed store_too_large store_no_memory lru_crawler_starts direct_reclaims"
                            + " crawler_items_checked crawler_reclaimed moves_to_cold moves_to_warm moves_within_lru"
                            + " total_malloced accepting_conns")
                    .split(" "));
    private static final List<String> ITEMS = List.of(
            ("number age hits_to_hot hits_to_warm hits_to_cold hits_to_temp crawler_reclaimed evicted evicted_nonzero"
                            + " evicted_time evicted_unfetched expired_unfetched outofmemory reclaimed store_too_large"
                            + " store_no_memory tailrepairs mem_requested moves_to_cold moves_to_warm moves_within_lru"
                            + " number_hot number_warm number_cold number_temp age_hot age_warm")
                    .split(" "));
    private static final List<String> SLABS =
            List.of(("cas_badval chunk_size chunks_per_page total_pages total_chunks used_chunks free_chunks"
                            + " free_chunks_end mem_requested")
                    .split(" "));
    private static final List<String> CRAWLER_NUMBERS = List.of(
            "lru_crawler_sleep",
            "lru_crawler_tocrawl",
            "hot_lru_pct",
            "warm_lru_pct",
            "hot_max_factor",
            "warm_max_factor");

    private final Map<String, String> general = new TreeMap<>();
    private final Map<Integer, Map<String, String>> slabs = new TreeMap<>();
    private final Map<Integer, Map<String, String>> items = new TreeMap<>();
    private final Map<String, String> settings = new TreeMap<>();
    private final SortedSet<String> metrics = new TreeSet<>();
    private final List<String> errors = new ArrayList<>();

    private MemcachedExporter() {}

    /** Asks a server, as often as it is scraped once. */
    static MemcachedExporter scrape(RawClient client) throws IOException {
        MemcachedExporter exporter = new MemcachedExporter();
        for (String question : List.of("stats", "stats slabs", "stats items")) {
            for (String line : client.lines(question)) {
                exporter.take(line);
            }
        }
        for (String line : client.lines("stats settings")) {
            exporter.takeSetting(line);
        }
        exporter.parse();
        return exporter;
    }

    /** Names of what it would export; those of slab classes without the class. */
    SortedSet<String> metrics() {
        return metrics;
    }

    /** Why it would say {@code memcached_up 0}; empty when the server is up. */
    List<String> errors() {
        return errors;
    }

    private void take(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[0].startsWith("STAT")) {
            // It goes over such a row without a word, so that what it is about is lost.
            errors.add("overlooked: " + line);
            return;
        }
        String[] names = words[1].split(":", -1);
        switch (names.length) {
            case 1 -> general.put(names[0], words[2]);
            case 2 -> rowsOf(slabs, names[0]).put(names[1], words[2]);
            case 3 -> rowsOf(items, names[1]).put(names[2], words[2]);
            default -> errors.add("overlooked: " + line);
        }
    }

    private Map<String, String> rowsOf(Map<Integer, Map<String, String>> classes, String number) {
        try {
            return classes.computeIfAbsent(Integer.valueOf(number), n -> new TreeMap<>());
        } catch (NumberFormatException e) {
            errors.add("not a slab class: " + number);
            return new TreeMap<>();
        }
    }

    private void takeSetting(String line) {
        String[] words = line.split(" ", -1);
        if (words.length < 3 || words.length > 4) {
            errors.add("unexpected stats line format: " + line);
            return;
        }
        settings.put(words[1], words[2]);
    }

    private void parse() {
        metrics.add("version=" + general.get("version"));
        for (String operation : OPERATIONS) {
            number("", general, operation + "_hits");
            number("", general, operation + "_misses");
        }
        GENERAL.forEach(key -> number("", general, key));
        setsWithoutCas("", general, "cas_misses", "cas_hits", "cas_badval");
        for (String key : List.of("rusage_user", "rusage_system")) {
            metric("", general, key, MemcachedExporter::timeval);
        }
        for (Map<String, String> rows : items.values()) {
            ITEMS.forEach(key -> number("items:", rows, key));
        }
        for (Map<String, String> rows : slabs.values()) {
            OPERATIONS.forEach(operation -> number("slab:", rows, operation + "_hits"));
            SLABS.forEach(key -> number("slab:", rows, key));
            setsWithoutCas("slab:", rows, "cas_hits", "cas_badval");
        }
        number("settings:", settings, "maxconns");
        if ("yes".equals(settings.get("lru_crawler"))) {
            metrics.add("settings:lru_crawler");
            CRAWLER_NUMBERS.forEach(key -> number("settings:", settings, key));
            metric("settings:", settings, "lru_maintainer_thread", MemcachedExporter::yesOrNo);
        }
    }

    private void setsWithoutCas(String prefix, Map<String, String> rows, String... subtracted) {
        List<String> missing = new ArrayList<>(List.of(subtracted));
        missing.add("cmd_set");
        missing.removeAll(rows.keySet());
        if (!missing.isEmpty()) {
            errors.add(prefix + "cmd_set wants " + missing);
        }
        number(prefix, rows, "cmd_set");
    }

    private void number(String prefix, Map<String, String> rows, String key) {
        metric(prefix, rows, key, Double::parseDouble);
    }

    private void metric(String prefix, Map<String, String> rows, String key, ToDoubleFunction<String> rule) {
        String value = rows.get(key);
        if (value == null) {
            return;
        }
        try {
            if (rule.applyAsDouble(value) >= 0) {
                metrics.add(prefix + key);
            } else {
                errors.add(prefix + key + " is negative: " + value);
            }
        } catch (NumberFormatException e) {
            errors.add(prefix + key + " does not parse: " + value);
        }
    }

    private static double timeval(String value) {
        String[] parts = value.split("\\.", -1);
        if (parts.length != 2 || parts[1].length() != 6) {
            throw new NumberFormatException(value);
        }
        return Long.parseLong(parts[0]) + Long.parseLong(parts[1]) / 1e6;
    }

    private static double yesOrNo(String value) {
        if (!value.equals("yes") && !value.equals("no")) {
            throw new NumberFormatException(value);
        }
        return value.equals("yes") ? 1 : 0;
    }
}
