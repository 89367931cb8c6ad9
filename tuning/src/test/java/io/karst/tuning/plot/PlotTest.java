package io.karst.tuning.plot;

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
    void aPageHasItsChartsBelowOneAnotherAndSaysWhatTheyShow() throws Exception {
        Document page = parse(new ChartPage("get & set", "get p99 < 1 ms")
                .add(new LineChart("first", "x").add("a", 0, 0, 1, 1))
                .add(new LineChart("second", "x").add("a", 0, 1, 1, 0))
                .svg());
        assertEquals("get & set", page.getElementsByTagName("title").item(0).getTextContent());
        assertEquals("get p99 < 1 ms", page.getElementsByTagName("desc").item(0).getTextContent());
        assertEquals("second", page.getElementsByTagName("title").item(2).getTextContent());
        assertEquals(
                "320",
                page.getElementsByTagName("svg")
                        .item(2)
                        .getAttributes()
                        .getNamedItem("y")
                        .getNodeValue());
    }

    @Test
    void eightLinesHaveEightColours() {
        LineChart chart = new LineChart("t", "x");
        for (int i = 0; i < 8; i++) {
            chart.add("line " + i, 0, i, 1, i);
        }
        long colours = chart.svg()
                .lines()
                .filter(line -> line.startsWith("<polyline"))
                .map(line -> line.replaceFirst(".* stroke=\"([^\"]+)\".*", "$1"))
                .distinct()
                .count();
        assertEquals(8, colours);
    }

    @Test
    void anEmptyChartIsStillAPlot() throws Exception {
        parse(new LineChart("t", "x").svg());
        parse(new BarChart("t", List.of(), 0).svg());
    }
}
