package io.karst.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LoadReportTest {
    @Test
    void jsonIsOneObject() {
        JsonText json = new JsonText()
                .begin()
                .put("a\"b", "c\\\n")
                .put("n", 12L)
                .put("x", 0.5)
                .put("nan", Double.NaN);
        json.beginArray("list")
                .add(1)
                .add(2)
                .endArray()
                .begin("inner")
                .put("yes", true)
                .end()
                .end();
        assertEquals(
                "{\"a\\\"b\": \"c\\\\\\u000a\", \"n\": 12, \"x\": 0.500, \"nan\": null, \"list\": [1.000, 2.000], "
                        + "\"inner\": {\"yes\": true}}",
                json.toString());
    }

    @Test
    void aResultNamesItsFiguresAndItsFaults() {
        LoadCounters counters = new LoadCounters();
        counters.replies = 1000;
        counters.wrongValues = 1;
        Histogram latencies = new Histogram(3);
        latencies.recordValue(1_000_000);
        LoadPlan plan = LoadPlan.open(11211, 50, 1, 5000, 1, 2, 3);
        LoadResult result = new LoadResult(counters, counters, 2_000_000_000L, 4_000_000, latencies, 0);
        String json = LoadReport.json(plan, result);
        assertTrue(json.contains("\"requestsPerSecond\": 500.000"), json);
        assertTrue(json.contains("\"clientCpuMicrosPerRequest\": 4.000"), json);
        assertTrue(json.contains("\"wrong\": true"), json);
        assertTrue(json.contains("\"p99.9\": 1000"), json);
        assertTrue(LoadReport.text(plan, result).contains("wrongValues=1"));
    }
}
