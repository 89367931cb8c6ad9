package io.karst.tuning.plot;

import java.util.ArrayList;
import java.util.List;

/** Line charts below one another, as one SVG document that needs nothing else. */
public final class ChartPage {
    private final String title;
    private final String description;
    private final List<LineChart> charts = new ArrayList<>();

    /**
     * An empty page.
     *
     * @param title what screen readers call it
     * @param description what they say of it: the figures that the lines show
     */
    public ChartPage(String title, String description) {
        this.title = title;
        this.description = description;
    }

    /** One more chart below. */
    public ChartPage add(LineChart chart) {
        charts.add(chart);
        return this;
    }

    /** The page as SVG. */
    public String svg() {
        Svg svg = new Svg(LineChart.WIDTH, Math.max(1, charts.size()) * LineChart.HEIGHT, title, description);
        for (int i = 0; i < charts.size(); i++) {
            svg.insert(i * LineChart.HEIGHT, charts.get(i).svg());
        }
        return svg.document();
    }
}
