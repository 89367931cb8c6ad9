package io.karst.appliance.metrics;

/** Label pairs as the text format has them: {@code command="get",status="hit"}. */
final class Labels {
    private Labels() {}

    /** Names and values in turn. */
    static String of(String... namesAndValues) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(namesAndValues[i]).append("=\"");
            text.append(escaped(namesAndValues[i + 1])).append('"');
        }
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
