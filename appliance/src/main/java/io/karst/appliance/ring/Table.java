package io.karst.appliance.ring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows of the same columns, printed in line with each other or as JSON. Values are text, numbers, shares and lists of text. */
final class Table {
    /**
     * A part of the whole.
     *
     * @param part 0 to 1
     */
    record Share(double part) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f %%", part * 100);
        }
    }

    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    Table(String... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row: a value for each column. */
    void add(Object... values) {
        rows.add(List.of(values));
    }

    /** Each row as an object. */
    List<Map<String, Object>> objects() {
        List<Map<String, Object>> objects = new ArrayList<>();
        for (List<Object> row : rows) {
            Map<String, Object> object = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                object.put(columns.get(i), row.get(i) instanceof Share share ? share.part() : row.get(i));
            }
            objects.add(object);
        }
        return objects;
    }

    /** A line of column names, and one for each row; numbers and shares stand at the right. */
    String text() {
        StringBuilder text = new StringBuilder();
        appendLine(text, List.copyOf(columns));
        rows.forEach(row -> appendLine(text, row));
        return text.toString();
    }

    private void appendLine(StringBuilder text, List<Object> values) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.size(); i++) {
            String value = plain(values.get(i));
            String blanks = " ".repeat(width(i) - value.length());
            line.append(i == 0 ? "" : "  ").append(isNumeric(i) ? blanks + value : value + blanks);
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private boolean isNumeric(int column) {
        return !rows.isEmpty()
                && (rows.get(0).get(column) instanceof Number || rows.get(0).get(column) instanceof Share);
    }

    private int width(int column) {
        int width = columns.get(column).length();
        for (List<Object> row : rows) {
            width = Math.max(width, plain(row.get(column)).length());
        }
        return width;
    }

    private static String plain(Object value) {
        if (value instanceof List<?> list) {
            return String.join("  ", list.stream().map(String::valueOf).toList());
        }
        return value instanceof Double number ? String.format(Locale.ROOT, "%.3f", number) : value.toString();
    }
}
