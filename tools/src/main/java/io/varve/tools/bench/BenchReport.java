package io.varve.tools.bench;

import io.varve.tools.bench.BenchLimits.Limit;
import io.varve.tools.document.BenchDocument;
import io.varve.tools.document.LimitEntry;
import io.varve.tools.document.StepEntry;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/** The results of a benchmark, as two tables or as JSON. */
final class BenchReport {
    private static final double TIB = 1L << 40;
    private static final double SECONDS_PER_HOUR = 3600;

    private final BenchLimits limits;
    private final List<BenchStep> steps;
    private final int workers;

    BenchReport(BenchLimits limits, List<BenchStep> steps, int workers) {
        this.limits = limits;
        this.steps = steps;
        this.workers = workers;
    }

    void print(Output output) throws IOException {
        output.document(this::document);
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"LIMIT", "ONE CORE", "ALL " + workers});
        for (Limit limit : limits.one().keySet()) {
            rows.add(new String[] {
                limit.title(), rate(limits.one().get(limit)), rate(limits.all().get(limit))
            });
        }
        output.line("%s", Table.of(rows));
        if (!limits.notes().isEmpty()) {
            output.line("%s", limits.notes());
        }
        output.line("");
        output.line("%s", Table.of(stepRows()));
        output.line("");
        output.line("PER TIB: this step extrapolated to 1 TiB of data on a disk. LIMIT: the best the rows");
        output.line("above allow for BYTES. HEAP: peak, garbage included. Data comes from the");
        output.line("page cache unless there is more of it than memory. JVM start-up is not included.");
    }

    private List<String[]> stepRows() {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"STEP", "BYTES", "TIME", "CPU", "RATE", "LIMIT", "OF LIMIT", "PER TIB", "HEAP"});
        for (BenchStep step : steps) {
            OptionalDouble limit = limit(step);
            rows.add(new String[] {
                step.name(),
                ByteSize.text(step.bytes()),
                String.format(Locale.ROOT, "%.2f s", step.seconds()),
                String.format(Locale.ROOT, "%.2f s", step.cpuSeconds()),
                rate(step.bytesPerSecond()),
                limit.isPresent() ? rate(limit.getAsDouble()) : "-",
                limit.isPresent()
                        ? String.format(Locale.ROOT, "%.0f %%", 100 * step.bytesPerSecond() / limit.getAsDouble())
                        : "-",
                String.format(Locale.ROOT, "%.2f h", secondsPerTib(step) / SECONDS_PER_HOUR),
                ByteSize.text(step.heapBytes())
            });
        }
        return rows;
    }

    private static String rate(double bytesPerSecond) {
        return ByteSize.text((long) bytesPerSecond) + "/s";
    }

    /** Relates every step to the data that the full backup read. */
    private double secondsPerTib(BenchStep step) {
        return step.seconds() / steps.get(0).bytes() * TIB;
    }

    /**
     * Returns the limit that memory, processors and DIR set, in bytes per second as {@link BenchStep#bytes} counts
     * them.
     */
    private OptionalDouble limit(BenchStep step) {
        double write = limits.all().get(Limit.DISK_WRITE) * step.bytes() / Math.max(1, step.storedBytes());
        return switch (step.name()) {
            case "full", "incremental" ->
                OptionalDouble.of(Math.min(
                        write, limits.inARow(Limit.COPY, Limit.HASH, Limit.COMPRESS, Limit.DECODE, Limit.SEAL)));
            // Opening costs half of sealing, which includes a check; it is ignored here.
            case "restore" -> OptionalDouble.of(Math.min(write, limits.inARow(Limit.COPY, Limit.HASH, Limit.DECODE)));
            case "fsck" -> OptionalDouble.of(limits.inARow(Limit.COPY, Limit.XXH3));
            default -> OptionalDouble.empty(); // collection processes names and pages, and hardly any data
        };
    }

    private BenchDocument document() {
        return new BenchDocument(
                Runtime.getRuntime().availableProcessors(),
                workers,
                Runtime.getRuntime().maxMemory(),
                limits.notes().isEmpty() ? Optional.empty() : Optional.of(limits.notes()),
                limits.one().keySet().stream().map(this::entry).toList(),
                steps.stream().map(this::entry).toList());
    }

    private LimitEntry entry(Limit limit) {
        return new LimitEntry(
                limit.word(),
                Math.round(limits.one().get(limit)),
                Math.round(limits.all().get(limit)));
    }

    private StepEntry entry(BenchStep step) {
        OptionalDouble limit = limit(step);
        return new StepEntry(
                step.name(),
                step.bytes(),
                step.storedBytes(),
                step.seconds(),
                step.cpuSeconds(),
                Math.round(step.bytesPerSecond()),
                secondsPerTib(step),
                step.heapBytes(),
                limit.isPresent() ? Optional.of(Math.round(limit.getAsDouble())) : Optional.empty());
    }
}
