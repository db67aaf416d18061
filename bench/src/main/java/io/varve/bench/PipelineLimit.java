package io.varve.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The pipeline's figures beside what the steps allow that it cannot leave out, all from one run: c / (the sum of what a
 * byte takes in each step), on c processors. By the clock, and, without c, by CPU time, which bears company on the
 * machine better.
 *
 * <p>For new data twice: the steps that work on a block, and with the reading of the disk and the writing of packs,
 * which no program can do without either. And beside the sum of single steps the same steps in a row by c threads: what
 * c processors deliver together, less than c times one where they share units, a host or a memory bus.
 */
final class PipelineLimit {
    private final List<Figure> figures;
    private final double stored = LimitBenchmark.storedShare();
    private final StringBuilder text = new StringBuilder();

    private PipelineLimit(List<Figure> figures) {
        this.figures = figures;
    }

    /** What a byte of the disk takes of a step: {@code share} of a byte of it. */
    private record Step(String name, double share) {
        static Step whole(String name) {
            return new Step("Limit." + name, 1);
        }
    }

    /** Of those comparisons of which everything was run; empty if there are none. */
    static String text(List<Figure> figures) {
        PipelineLimit limit = new PipelineLimit(figures);
        limit.compare();
        return limit.text.toString();
    }

    private void compare() {
        Step read = new Step("FileLimit.read", 1);
        Step write = new Step("FileLimit.write", 1);
        Step readPack = new Step("FileLimit.read", stored);
        Step writePack = new Step("FileLimit.write", stored);
        Step sha256 = Step.whole("sha256");
        Step hmac = Step.whole("hmacSha256");
        Step lz4 = Step.whole("lz4");
        Step decode = Step.whole("decode");
        Step copy = Step.whole("copy");
        Step seal = Step.whole("seal");
        compare("new data, plain", backup("NEW", false), List.of(sha256, lz4, decode, copy), "allPlain");
        compare("with reading and writing", backup("NEW", false), List.of(read, sha256, lz4, decode, writePack), "");
        compare("new data, encrypted", backup("NEW", true), List.of(hmac, lz4, decode, copy, seal), "allEncrypted");
        compare("with reading and writing", backup("NEW", true), List.of(read, hmac, lz4, decode, seal, writePack), "");
        compare("unchanged data, SHA-256 alone", backup("UNCHANGED", false), List.of(sha256), "");
        compare("zeros, reading alone", backup("ZEROS", false), List.of(read), "");
        compare("restore", find("Restore.restore"), List.of(readPack, decode, sha256, write), "");
        compare("fsck --read-data", find("Restore.check"), List.of(readPack, new Step("Limit.xxh3", stored)), "");
    }

    private void compare(String title, Optional<Figure> pipeline, List<Step> steps, String together) {
        if (pipeline.isEmpty()
                || !steps.stream().allMatch(step -> find(step.name).isPresent())) {
            return;
        }
        int processors = Runtime.getRuntime().availableProcessors();
        text.append(String.format("%n%s%n", title));
        line("MB/s, " + processors + " processors", processors, pipeline, steps, together, Figure::megabytesPerSecond);
        line("MB per CPU-second", 1, pipeline, steps, together, Figure::megabytesPerCpuSecond);
    }

    private void line(
            String unit,
            int processors,
            Optional<Figure> pipeline,
            List<Step> steps,
            String together,
            ToDoubleFunction<Figure> speed) {
        double microsPerByte = 0;
        for (Step step : steps) {
            microsPerByte += step.share / speed.applyAsDouble(find(step.name).orElseThrow());
        }
        double measured = speed.applyAsDouble(pipeline.orElseThrow());
        double sum = processors / microsPerByte;
        text.append(String.format(
                Locale.ROOT,
                "  %-22s pipeline %.0f; limit: sum of steps %.0f (%.0f %%)",
                unit,
                measured,
                sum,
                100 * measured / sum));
        find("Limit." + together).ifPresent(row -> {
            double inARow = speed.applyAsDouble(row);
            text.append(String.format(Locale.ROOT, ", steps in a row %.0f (%.0f %%)", inARow, 100 * measured / inARow));
        });
        text.append(String.format("%n"));
    }

    private Optional<Figure> backup(String night, boolean encrypted) {
        Map<String, String> wanted = Map.of("night", night, "encrypted", String.valueOf(encrypted));
        return figures.stream()
                .filter(figure -> figure.name().equals("Pipeline.backup")
                        && figure.parameters().entrySet().containsAll(wanted.entrySet()))
                .findFirst();
    }

    private Optional<Figure> find(String name) {
        return figures.stream().filter(figure -> figure.name().equals(name)).findFirst();
    }
}
