package io.karst.bench.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class PlotTest {
    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    @Test
    void barsAreWellFormedAndAsLongAsTheirValues() throws Exception {
        String svg = new BarChart("a < b & c", List.of("one", "two"), 1)
                .add("group", new double[] {1, 0.9, 1.1}, new double[] {2, 2, 2})
                .svg();
        Document document = parse(svg);
        // The ground, two in the legend, two bars.
        assertEquals(5, document.getElementsByTagName("rect").getLength());
        assertEquals(2 * width(document, 3), width(document, 4), 0.2);
    }

    private static double width(Document document, int i) {
        return Double.parseDouble(document.getElementsByTagName("rect")
                .item(i)
                .getAttributes()
                .getNamedItem("width")
                .getNodeValue());
    }

    @Test
    void aWideRangeIsLogarithmic() throws Exception {
        String svg = new BarChart("wide", List.of("s"), 0)
                .add("small", new double[] {10, 10, 10})
                .add("large", new double[] {100_000, 100_000, 100_000})
                .svg();
        Document document = parse(svg);
        assertTrue(width(document, 3) < 10 * Math.max(60, width(document, 2) + 60));
        assertTrue(svg.contains("10,000"));
    }

    @Test
    void linesAreWellFormed() throws Exception {
        String svg = new LineChart("t", "x")
                .add("a", 0, 0, 1, 0.5, 2, 1)
                .add("b", 0, 1, 2, 0)
                .svg();
        assertEquals(2, parse(svg).getElementsByTagName("polyline").getLength());
    }

    @Test
    void onLogarithmicAxesEqualRatiosAreEquallyFarApart() throws Exception {
        String svg = new LineChart("t", "x")
                .logarithmic(true, true)
                .xLabels(tick -> "at " + (int) tick)
                .add("a", 1, 10, 10, 100, 100, 1000)
                .svg();
        String points = parse(svg)
                .getElementsByTagName("polyline")
                .item(0)
                .getAttributes()
                .getNamedItem("points")
                .getNodeValue();
        double[] at = Stream.of(points.trim().split("[ ,]+"))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertEquals(at[2] - at[0], at[4] - at[2], 0.2);
        assertEquals(at[3] - at[1], at[5] - at[3], 0.2);
        assertTrue(svg.contains("at 10<"));
    }

    @Test
    void anEmptyChartIsStillAPlot() throws Exception {
        parse(new LineChart("t", "x").svg());
        parse(new BarChart("t", List.of(), 0).svg());
    }
}
