package io.varve.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The pipeline's figures for new data beside what the steps allow that it cannot leave out, all from one run. In MB/s,
 * on c processors:
 *
 * <pre>
 * limit = c / (1/SHA-256 + 1/LZ4 + 1/decode + 1/copy)            encrypted: HMAC-SHA-256 instead, and + 1/seal
 * </pre>
 *
 * <p>First by the clock, then, without c, by CPU time, which bears company on the machine better. And, besides that sum
 * of single steps, the same steps in a row by c threads: what c processors deliver together, less than c times one
 * where they share units, a host or a memory bus. Reading the disk and writing packs is in none of them, so these
 * limits are too high for any program.
 */
final class PipelineLimit {
    private static final List<String> PLAIN = List.of("sha256", "lz4", "decode", "copy");
    private static final List<String> ENCRYPTED = List.of("hmacSha256", "lz4", "decode", "copy", "seal");

    private final List<Figure> figures;

    private PipelineLimit(List<Figure> figures) {
        this.figures = figures;
    }

    /** Empty unless both the steps and the pipeline were run. */
    static String text(List<Figure> figures) {
        PipelineLimit limit = new PipelineLimit(figures);
        return limit.text("plain", false, PLAIN, "allPlain") + limit.text("encrypted", true, ENCRYPTED, "allEncrypted");
    }

    private String text(String title, boolean encrypted, List<String> steps, String together) {
        Map<String, String> wanted = Map.of("night", "NEW", "encrypted", String.valueOf(encrypted));
        Optional<Figure> pipeline = figures.stream()
                .filter(figure -> figure.name().equals("Pipeline.backup")
                        && figure.parameters().entrySet().containsAll(wanted.entrySet()))
                .findFirst();
        Optional<Figure> inARow = step(together);
        if (pipeline.isEmpty()
                || inARow.isEmpty()
                || !steps.stream().allMatch(step -> step(step).isPresent())) {
            return "";
        }
        int processors = Runtime.getRuntime().availableProcessors();
        return String.format("%n%s, new data%n", title)
                + line(
                        "MB/s, " + processors + " processors",
                        processors,
                        pipeline,
                        inARow,
                        steps,
                        Figure::megabytesPerSecond)
                + line("MB per CPU-second", 1, pipeline, inARow, steps, Figure::megabytesPerCpuSecond);
    }

    private String line(
            String unit,
            int processors,
            Optional<Figure> pipeline,
            Optional<Figure> inARow,
            List<String> steps,
            ToDoubleFunction<Figure> speed) {
        double microsPerByte = 0;
        for (String step : steps) {
            microsPerByte += 1 / speed.applyAsDouble(step(step).orElseThrow());
        }
        double measured = speed.applyAsDouble(pipeline.orElseThrow());
        double sum = processors / microsPerByte;
        double row = speed.applyAsDouble(inARow.orElseThrow());
        return String.format(
                Locale.ROOT,
                "  %-22s pipeline %.0f; limit: sum of steps %.0f (%.0f %%), steps in a row %.0f (%.0f %%)%n",
                unit,
                measured,
                sum,
                100 * measured / sum,
                row,
                100 * measured / row);
    }

    private Optional<Figure> step(String name) {
        return figures.stream()
                .filter(figure -> figure.name().equals("Limit." + name))
                .findFirst();
    }
}
