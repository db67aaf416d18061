package io.varve.bench;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The pipeline's figures beside what the steps allow that it cannot leave out, from one run. In MB/s, on c processors:
 *
 * <pre>
 * limit = c / (1/SHA-256 + 1/LZ4 + 1/decode + 1/copy)            encrypted: HMAC-SHA-256 instead, and + 1/seal
 * </pre>
 *
 * <p>and, besides that sum of single steps, the same steps in a row by c threads, which is what c processors deliver
 * together: less than c times one where they share a core's units, a host or a memory bus. Reading the disk and writing
 * the packs is in neither, so the limit is a little too high.
 */
final class PipelineLimit {
    private PipelineLimit() {}

    /** Empty unless both the steps and the pipeline were run. */
    static String text(List<Figure> figures) {
        int processors = Runtime.getRuntime().availableProcessors();
        StringBuilder text = new StringBuilder();
        for (boolean encrypted : new boolean[] {false, true}) {
            OptionalDouble pipeline = figures.stream()
                    .filter(figure -> figure.name().equals("Pipeline.backup")
                            && "NEW".equals(figure.parameters().get("night"))
                            && String.valueOf(encrypted)
                                    .equals(figure.parameters().get("encrypted")))
                    .mapToDouble(Figure::megabytesPerSecond)
                    .findFirst();
            String[] steps = encrypted
                    ? new String[] {"hmacSha256", "lz4", "decode", "copy", "seal"}
                    : new String[] {"sha256", "lz4", "decode", "copy"};
            double nanosPerByte = 0;
            for (String step : steps) {
                nanosPerByte += 1 / speed(figures, step).orElse(Double.NaN);
            }
            double limit = processors / nanosPerByte;
            double together =
                    speed(figures, encrypted ? "allEncrypted" : "allPlain").orElse(Double.NaN);
            if (pipeline.isPresent() && !Double.isNaN(limit)) {
                text.append(String.format(
                        Locale.ROOT,
                        "%n%s, %d processors: new data %.0f MB/s; limit by single steps %.0f (%.0f %% of it), by all"
                                + " steps in a row %.0f (%.0f %%)",
                        encrypted ? "encrypted" : "plain",
                        processors,
                        pipeline.getAsDouble(),
                        limit,
                        100 * pipeline.getAsDouble() / limit,
                        together,
                        100 * pipeline.getAsDouble() / together));
            }
        }
        return text.isEmpty() ? "" : text + System.lineSeparator();
    }

    private static OptionalDouble speed(List<Figure> figures, String step) {
        return figures.stream()
                .filter(figure -> figure.name().equals("Limit." + step))
                .mapToDouble(Figure::megabytesPerSecond)
                .findFirst();
    }
}
