package io.varve.tools;

import io.varve.engine.Cancellation;
import io.varve.store.CorruptDataException;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckOptions.Level;
import io.varve.store.check.FsckReport;
import java.io.IOException;
import java.security.SecureRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "fsck",
        mixinStandardHelpOptions = true,
        description = {
            "Prove the repository: every snapshot's manifest, block map and chunks.",
            "",
            "Reads only; works while a backup runs."
        })
final class FsckCommand extends RepositoryOptions {
    @Option(
            names = "--read-data",
            arity = "0..1",
            fallbackValue = "100",
            paramLabel = "PERCENT",
            description = "Also read the packs (or so many of them, chosen at random) and check every stored byte.")
    private Double readPercent;

    @Option(names = "--deep", description = "Also decompress every chunk and compute its id.")
    private boolean deep;

    @Mixin
    private ThreadsOption threads;

    @Option(names = "--no-progress", description = "Do not show how far it is.")
    private boolean noProgress;

    @Override
    void run(Output output, Cancellation cancellation) throws IOException {
        try {
            super.run(output, cancellation);
        } catch (CorruptDataException e) {
            if (e.file().equals(RepositoryConfig.OBJECT)) {
                output.line(
                        "affected: every snapshot. Their data is not damaged, but without this file nothing opens:");
                output.line("  put back a copy of %s", RepositoryConfig.OBJECT);
            }
            throw e;
        }
    }

    @Override
    KeyNeed keyNeed() {
        return deep ? KeyNeed.READ : KeyNeed.NONE;
    }

    @Override
    void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        double percent = readPercent == null ? 100 : readPercent;
        if (!(percent > 0 && percent <= 100)) {
            throw new UsageException("--read-data is a percentage above 0, up to 100, not " + percent);
        }
        Level level = deep ? Level.DEEP : readPercent == null ? Level.STRUCTURE : Level.READ_DATA;
        int workers = threads.count();
        long started = System.nanoTime();
        FsckReport report;
        try (Console console = new Console(output, !noProgress)) {
            report = new Fsck(
                            repository,
                            new FsckOptions(level, percent, new SecureRandom().nextLong(), workers),
                            console)
                    .run();
        }
        print(report, level, output, System.nanoTime() - started);
        if (output.isJson()) {
            FsckJson.write(report, output.document());
        }
        if (report.hasErrors()) {
            throw new RepositoryDamagedException(report.findings().stream()
                            .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                            .count()
                    + report.findingsLeftOut());
        }
        if (report.hasWarnings()) {
            output.warning("the snapshots are sound, but see the findings above");
        }
    }

    private static void print(FsckReport report, Level level, Output output, long nanos) {
        printAffected(report, output);
        output.line(
                "%d snapshots, %d packs, %d chunks, %d map pages read",
                report.snapshots(), report.packs(), report.chunks(), report.mapPages());
        if (level != Level.STRUCTURE) {
            output.line(
                    "%d packs read, %s%s",
                    report.packsRead(),
                    ByteSize.text(report.bytesRead()),
                    level == Level.DEEP ? ", every chunk decompressed and its id computed" : ", every hash compared");
        }
        if (report.unusedChunks() > 0) {
            output.line(
                    "%d chunks (%s) are in no snapshot: left by interrupted backups, used again or collected later",
                    report.unusedChunks(), ByteSize.text(report.unusedBytes()));
        }
        output.line(
                "%s, %.1f s",
                report.hasErrors() ? "DAMAGED" : report.hasWarnings() ? "sound, with findings" : "clean", nanos / 1e9);
    }

    static void printAffected(FsckReport report, Output output) {
        for (FsckReport.AffectedDisk disk : report.affected()) {
            output.line(
                    "affected: snapshot %s, machine %s, disk %d %s: %s",
                    disk.snapshot(),
                    disk.machine(),
                    disk.number(),
                    disk.name(),
                    disk.number() == 0 ? "manifest unreadable" : ByteSize.text(disk.damagedBytes()) + " lost");
            disk.ranges().stream()
                    .limit(20)
                    .forEach(range -> output.line("  offset %d length %d", range.offset(), range.length()));
            if (disk.ranges().size() > 20) {
                output.line(
                        "  … and %d more ranges (--json lists up to 1000)",
                        disk.ranges().size() - 20);
            }
        }
    }

    /** Findings as they come, and how far it is. */
    private static final class Console implements FsckListener, AutoCloseable {
        private final Output output;
        private final boolean showProgress;
        private Progress progress;

        Console(Output output, boolean showProgress) {
            this.output = output;
            this.showProgress = showProgress;
        }

        @Override
        public synchronized void phase(String name, long total) {
            close();
            boolean bytes = name.endsWith("reading");
            progress = Progress.start(output, name, total, showProgress && bytes);
        }

        @Override
        public synchronized void advanced(long units) {
            progress.add(units);
        }

        @Override
        public void found(Finding finding) {
            output.line(
                    "%s [%s] %s",
                    finding.severity().name().toLowerCase(java.util.Locale.ROOT),
                    finding.code(),
                    finding.message().contains(finding.file())
                            ? finding.message()
                            : finding.file() + ": " + finding.message());
        }

        @Override
        public synchronized void close() {
            if (progress != null) {
                progress.close();
                progress = null;
            }
        }
    }
}
