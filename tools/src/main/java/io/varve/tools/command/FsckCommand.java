package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckOptions.Level;
import io.varve.store.check.FsckReport;
import io.varve.store.check.PackChoice;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.job.NightRecord;
import io.varve.store.session.Sessions;
import io.varve.tools.backup.JobRecording;
import io.varve.tools.document.AgainstDocument;
import io.varve.tools.document.FsckDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.Days;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.Percent;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.ReadRateOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.ThreadsOption;
import io.varve.tools.option.WaitOption;
import io.varve.tools.output.AffectedText;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.FsckDocuments;
import io.varve.tools.output.MergedFindings;
import io.varve.tools.output.Output;
import io.varve.tools.output.PhaseProgress;
import io.varve.tools.output.ReadHistory;
import io.varve.tools.output.RepositoryDamagedException;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import io.varve.tools.report.CheckStep;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "fsck",
        mixinStandardHelpOptions = true,
        description = {
            "Check the repository: every snapshot's manifest, block map and chunks.",
            "",
            "Can run during backups. Changes nothing, but records its result, and which packs were read and"
                    + " when. Packs that were not read for the longest time come first, so each run"
                    + " continues where an interrupted or partial one stopped."
        },
        footer = {
            "",
            "A part each night, all of it within four weeks:",
            "  varve fsck --read-data=4%% --within 28d --read-rate 50M",
            "",
            "What was added last night, and what was damaged before:",
            "  varve fsck --since-last",
            "",
            "Whether last night's snapshot matches the disk:",
            "  varve fsck --against /vm/web1.vhdx --snapshot latest:web1 --disk system"
        })
@Prints({FsckDocument.class, AgainstDocument.class})
public final class FsckCommand extends RepositoryOptions {
    @Option(
            names = "--read-data",
            arity = "0..1",
            fallbackValue = "100",
            paramLabel = "PERCENT",
            converter = Percent.class,
            description = "Also read the packs, or PERCENT of them, and check every stored byte.")
    private Double readPercent;

    @Option(names = "--deep", description = "Also decompress every chunk and compute its id. Implies --read-data.")
    private boolean deep;

    @Option(
            names = "--within",
            paramLabel = "DAYS",
            converter = Days.class,
            description = "Read only packs that were not verified within this many days. Implies --read-data.")
    private Duration within;

    @Option(
            names = "--since-last",
            description = "Read only packs that were never verified, or were damaged when last read. Implies"
                    + " --read-data.")
    private boolean sinceLast;

    @Option(
            names = "--all",
            description = "Print every finding as it is found, and every affected disk and range. Otherwise"
                    + " similar ones are merged.")
    private boolean all;

    @Mixin
    private AgainstDisk against;

    @Mixin
    private WaitOption wait;

    @Mixin
    private ReadRateOption rate;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private ProgressOption progress;

    @Override
    public void run(Output output, Cancellation cancellation) throws IOException {
        try {
            super.run(output, cancellation);
        } catch (CorruptDataException e) {
            if (e.file().equals(RepositoryConfig.OBJECT)) {
                output.line(
                        "affected: every snapshot. Their data is not damaged, but nothing opens without this file:");
                output.line("  restore a copy of %s", RepositoryConfig.OBJECT);
            }
            throw e;
        }
    }

    @Override
    public KeyNeed keyNeed() {
        return deep || against.isAsked() ? KeyNeed.READ : KeyNeed.NONE;
    }

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return against.isAsked() || level() == Level.STRUCTURE
                ? "nothing was changed"
                : "the packs read so far are recorded; --since-last or --within continues from there";
    }

    @Override
    public boolean tellsRollBack() {
        return false; // here it is a finding
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        against.check(deep || readPercent != null || within != null || sinceLast);
        if (against.isAsked()) {
            against.run(repository, threads.count(), output, cancellation);
            return;
        }
        FsckOptions options = options().seen(seen(repository));
        long started = System.nanoTime();
        Instant startedAt = Instant.now();
        FsckReport report;
        Closeable hold = Sessions.hold(repository, "fsck", wait.patience(), output::notice);
        try (hold;
                Console console = new Console(output, all, cancellation)) {
            report = new Fsck(repository, options, console).run();
            console.complete();
        }
        output.onlyConfirms(!report.hasErrors() && !report.hasWarnings());
        AffectedText.lines(report.affected(), all).forEach(line -> output.line("%s", line));
        if (!all) {
            MergedFindings.lines(report.findings()).forEach(line -> output.line("%s", line));
        }
        if (report.findingsLeftOut() > 0) {
            output.line("%s, counted but not listed", Count.of(report.findingsLeftOut(), "more finding"));
        }
        Level level = options.level();
        print(report, level, output, System.nanoTime() - started);
        output.document(() -> FsckDocuments.of(report));
        record(repository, report, startedAt, output);
        if (report.hasErrors()) {
            throw new RepositoryDamagedException(report);
        }
        if (report.hasWarnings()) {
            output.warning(WarningCode.FINDINGS, "the snapshots are intact, but see the findings above");
        }
    }

    /** So that the report knows of it, as it knows of the checks of nights. */
    private void record(Repository repository, FsckReport report, Instant startedAt, Output output) {
        CheckStep step = CheckStep.of(report, level());
        ExitCode code = report.hasErrors()
                ? ExitCode.REPOSITORY_DAMAGED
                : report.hasWarnings() ? ExitCode.WARNINGS : ExitCode.DONE;
        NightRecord.Step done = new NightRecord.Step(
                CheckStep.NAME,
                code.word(),
                Optional.empty(),
                Optional.empty(),
                step.text(),
                Duration.between(startedAt, Instant.now()).toMillis(),
                step.numbers());
        JobRecording.over(repository.jobs(), CheckStep.NAME, startedAt, done, code, output);
    }

    private Level level() {
        boolean reads = readPercent != null || within != null || sinceLast;
        return deep ? Level.DEEP : reads ? Level.READ_DATA : Level.STRUCTURE;
    }

    private FsckOptions options() throws UsageException {

        double percent = readPercent == null ? 100 : readPercent;
        return FsckOptions.of(level(), threads.count())
                .choose(new PackChoice(percent, sinceLast, Optional.ofNullable(within)))
                .rate(rate.rate());
    }

    private static void print(FsckReport report, Level level, Output output, long nanos) {
        output.line(
                "%s, %s, %s, %s read",
                Count.of(report.snapshots(), "snapshot"),
                Count.of(report.packs(), "pack"),
                Count.of(report.chunks(), "chunk"),
                Count.of(report.mapPages(), "map page"));
        if (level != Level.STRUCTURE) {
            output.line(
                    "%s read, %s%s",
                    Count.of(report.packsRead(), "pack"),
                    ByteSize.text(report.bytesRead()),
                    level == Level.DEEP ? ", every chunk decompressed and its id computed" : ", every hash compared");
        }
        new ReadHistory(report, Instant.now()).lines().forEach(output::line);
        if (report.unusedChunks() > 0) {
            output.line(
                    "%s (%s) in no snapshot: left by interrupted backups, to be reused or collected",
                    Count.of(report.unusedChunks(), "chunk"), ByteSize.text(report.unusedBytes()));
        }
        output.line(
                "%s, %.1f s",
                report.hasErrors() ? "DAMAGED" : report.hasWarnings() ? "sound, with findings" : "clean", nanos / 1e9);
    }

    /**
     * Shows progress and findings: each finding when it is found, or all at the end, also if the command ends early.
     */
    private static final class Console implements FsckListener, AutoCloseable {
        private final Output output;
        private final boolean all;
        private final Cancellation cancellation;
        private final List<Finding> waiting = new ArrayList<>();
        private boolean complete;
        private boolean told;
        private final PhaseProgress phases;

        Console(Output output, boolean all, Cancellation cancellation) {
            this.all = all;
            this.output = output;
            this.cancellation = cancellation;
            this.phases = new PhaseProgress(output);
        }

        @Override
        public void check() throws IOException {
            cancellation.check();
        }

        @Override
        public void phase(String name, long total) {
            phases.count(name, total);
        }

        @Override
        public void reading(String name, long totalBytes) {
            phases.bytes(name, totalBytes);
        }

        @Override
        public void advanced(long units) {
            phases.add(units);
        }

        @Override
        public synchronized void found(Finding finding) {
            if (all) {
                output.line("%s", MergedFindings.line(finding));
                return;
            }
            waiting.add(finding);
            if (finding.severity() == Finding.Severity.ERROR && !told) {
                told = true;
                output.notice("found damage; it is listed at the end (--all lists it as it is found)");
            }
        }

        /** Called when the check is complete. Then the report contains the findings. */
        synchronized void complete() {
            complete = true;
        }

        @Override
        public synchronized void close() {
            phases.close();
            if (!complete) {
                MergedFindings.lines(waiting).forEach(line -> output.line("%s", line));
            }
        }
    }
}
