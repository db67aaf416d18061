package io.varve.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** What is made of the figures of a run. */
class ResultsTest {
    private static Figure figure(String name, Map<String, String> parameters, double megabytes) {
        return new Figure(name, parameters, megabytes * 10, 5, "ops/s", megabytes, megabytes / 2);
    }

    private static List<Figure> pipelineRun() {
        List<Figure> figures = new ArrayList<>();
        for (String step : List.of("sha256", "hmacSha256", "lz4", "decode", "copy", "seal")) {
            figures.add(figure("Limit." + step, Map.of(), 1000));
        }
        figures.add(figure("Limit.allPlain", Map.of(), 400));
        figures.add(figure("Limit.allEncrypted", Map.of(), 400));
        figures.add(figure("Pipeline.backup", Map.of("night", "NEW", "encrypted", "false"), 100));
        return figures;
    }

    @Test
    void limitIsTheHarmonicSumOfTheSteps() {
        String text = PipelineLimit.text(pipelineRun());
        assertTrue(text.contains("new data, plain"), text);
        assertTrue(text.contains("pipeline 50; limit: sum of steps 125 (40 %), steps in a row 200 (25 %)"), text);
        assertTrue(!text.contains("encrypted"), "it was not run: " + text);
        assertTrue(!text.contains("writing"), "files were not measured: " + text);
        assertEquals("", PipelineLimit.text(List.of(figure("Limit.copy", Map.of(), 1))));
    }

    /** A byte of the disk is less than a byte in packs. */
    @Test
    void whatIsReadAndWrittenCountsAsItLies() {
        List<Figure> figures = pipelineRun();
        figures.add(figure("FileLimit.read", Map.of(), 1000));
        figures.add(figure("FileLimit.write", Map.of(), 1000));
        figures.add(figure("Restore.restore", Map.of(), 100));
        String text = PipelineLimit.text(figures);
        double limit = 500 / (4 + LimitBenchmark.storedShare());
        assertTrue(text.contains(String.format("with reading and writing%n")), text);
        assertTrue(text.contains(String.format("pipeline 50; limit: sum of steps %.0f (", limit)), text);
        limit = 500 / (3 + LimitBenchmark.storedShare());
        assertTrue(text.substring(text.indexOf("restore")).contains(String.format("sum of steps %.0f (", limit)), text);
    }

    @Test
    void tableIsAligned() {
        String table = ResultTable.markdown(pipelineRun());
        assertEquals(1, table.lines().mapToInt(String::length).distinct().count(), table);
        assertTrue(table.contains("± error"), table);
        assertEquals("-", ResultTable.number(Double.NaN));
        assertEquals("12,345", ResultTable.number(12_345.4));
    }

    @Test
    void pictureIsSoundXmlWithOneBarPerFigure() throws Exception {
        List<Figure> figures = pipelineRun();
        figures.add(figure("A<b>.c & d", Map.of("x", "<"), Double.NaN));
        byte[] svg = ResultPlot.svg(figures).getBytes(StandardCharsets.UTF_8);
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg));
        int background = 1;
        assertEquals(
                figures.size() + background,
                document.getElementsByTagName("rect").getLength());
    }

    @Test
    void scatteredRunsAscendInsideTheDisk() {
        long size = 512L << 20;
        for (RunOrder order : RunOrder.values()) {
            long last = -1;
            for (long offset : order.offsets(size, 1 << 20, 512)) {
                assertTrue(offset >= last && offset + (1 << 20) <= size, order + " at " + offset);
                last = offset;
            }
        }
    }
}
