package io.varve.tools.nightly;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.check.PackChoice;
import io.varve.store.check.ReadRate;
import io.varve.store.copy.SnapshotCopy;
import io.varve.store.fault.Count;
import io.varve.store.fault.RefusedException;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionListener;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.gc.CollectionReport;
import io.varve.store.session.ReadSession;
import io.varve.store.session.Sessions;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.option.Closing;
import io.varve.tools.option.NamedKey;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.AffectedText;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.MergedFindings;
import io.varve.tools.output.Output;
import io.varve.tools.output.PhaseProgress;
import io.varve.tools.output.Progress;
import io.varve.tools.output.RepositoryDamagedException;
import io.varve.tools.output.Subject;
import io.varve.tools.output.WarningCode;
import io.varve.tools.report.CheckStep;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The steps of a night that concern the whole repository. Each returns one line that says what it did, and the numbers.
 */
final class NightSteps {
    /** Name of the step for warnings about the job's machines or hooks. */
    static final String MACHINES = "machines";

    static final String RETENTION = "retention";
    static final String COPY = "copy";
    static final String GC = "gc";
    static final String FSCK = CheckStep.NAME;
    static final String PROOF = "proof";
    static final String REPOSITORY = "repository";

    private final Repository repository;
    private final JobFile job;
    private final int threads;
    private final Output output;
    private final Cancellation cancellation;

    NightSteps(Repository repository, JobFile job, int threads, Output output, Cancellation cancellation) {
        this.repository = repository;
        this.job = job;
        this.threads = threads;
        this.output = output;
        this.cancellation = cancellation;
    }

    /** The result of a step. */
    record Done(String text, Map<String, Long> numbers) {}

    Done retention(List<PlannedMachine> backedUp) throws IOException {
        Retention.Outcome outcome =
                new Retention(repository, job.zone()).run(backedUp, output.part(RETENTION), cancellation);
        return new Done(
                "forgot " + outcome.forgotten() + " of " + Count.of(outcome.judged(), "snapshot")
                        + (outcome.held().isEmpty()
                                ? ""
                                : "; machines on hold: " + outcome.held().size()),
                Map.of(
                        "forgotten", (long) outcome.forgotten(),
                        "snapshots", (long) outcome.judged(),
                        "heldMachines", (long) outcome.held().size()));
    }

    /** Copies the snapshots that the second repository lacks, oldest first. */
    Done copy(JobFile.Copy copy) throws IOException {
        Output words = output.part(COPY);
        List<Snapshot> snapshots = RepositoryOptions.list(repository, words).snapshots();
        AtomicLong copied = new AtomicLong();
        AtomicLong stored = new AtomicLong();
        Closing.after(Repository.open(copy.place().where().location()), words, other -> {
            other.backend().traffic().ifPresent(output::traffic);
            check(other, copy);
            JobFile.Place place = copy.place();
            NamedKey key = new NamedKey(place.keyFile(), place.passwordFile(), place.passwordCommand(), true);
            if (!other.config().encrypted() || !other.unlock(repository)) {
                key.unlock(other, words);
            }
            try (ReadSession from = ReadSession.open(repository, words::notice)) {
                WriteSession open = WriteSession.open(other, "copy", job.patience(), words::notice);
                Closing.after(open, words, to -> {
                    CopyWords listener = new CopyWords(words);
                    SnapshotCopy work = new SnapshotCopy(from, to, listener);
                    for (Snapshot snapshot : snapshots) {
                        SnapshotCopy.Result result = listener.show(snapshot, () -> work.copy(snapshot, false));
                        if (result.outcome() == SnapshotCopy.Outcome.COPIED) {
                            copied.incrementAndGet();
                            stored.addAndGet(result.bytesStored());
                        }
                    }
                });
            }
            RepositoryOptions.rememberAll(other, words);
        });
        return new Done(
                "copied " + copied + " of " + Count.of(snapshots.size(), "snapshot") + ", "
                        + ByteSize.text(stored.get()),
                Map.of("copied", copied.get(), "snapshots", (long) snapshots.size(), "storedBytes", stored.get()));
    }

    private void check(Repository other, JobFile.Copy copy) throws RefusedException {
        if (other.config().repositoryId().equals(repository.config().repositoryId())) {
            throw new RefusedException("copy: " + copy.place().where() + " is the same repository: name another one"
                    + " under 'copy' in the job file");
        }
        if (other.config().blockSize() != repository.config().blockSize()) {
            throw new RefusedException("copy: " + copy.place().where() + ": expected blocks of "
                    + repository.config().blockSize() + " bytes, found "
                    + other.config().blockSize() + ": create another with 'varve init --block-size "
                    + repository.config().blockSize() + "'");
        }
        if (repository.config().encrypted() && !other.config().encrypted() && !copy.decrypt()) {
            throw new RefusedException("copy: " + copy.place().where() + " is not encrypted, unlike this repository."
                    + " If that is intended, add 'decrypt: true' to the job file");
        }
    }

    private final class CopyWords implements SnapshotCopy.Listener {
        private final Output words;
        private Progress progress;

        CopyWords(Output words) {
            this.words = words;
        }

        /** Copies one snapshot and shows the progress. */
        SnapshotCopy.Result show(Snapshot snapshot, Copying copying) throws IOException {
            Manifest manifest = snapshot.manifest();
            long size = manifest.disks().stream().mapToLong(DiskRecord::size).sum();
            Subject subject = Subject.snapshot(
                    "copying", manifest.machine(), snapshot.id().text());
            try (Progress shown = Progress.start(words, subject, size)) {
                progress = shown;
                return copying.run();
            }
        }

        @Override
        public void warning(String message) {
            words.warning(WarningCode.AFTER_COMMIT, message);
        }

        @Override
        public void bytesDone(long bytes) {
            progress.add(bytes);
        }

        @Override
        public void check() throws IOException {
            cancellation.check();
        }
    }

    @FunctionalInterface
    private interface Copying {
        SnapshotCopy.Result run() throws IOException;
    }

    Done gc(JobFile.Gc gc) throws IOException {
        Output words = output.part(GC);
        CollectionReport[] report = new CollectionReport[1];
        WriteSession open = WriteSession.openForCollection(repository, "collection", job.patience(), words::notice);
        Closing.after(open, words, session -> {
            try (PhaseProgress phases = new PhaseProgress(words)) {
                report[0] = Collection.run(
                        session,
                        new CollectionOptions(gc.maxWaste(), gc.maxDelete(), false),
                        new CollectionWords(words, phases),
                        new SecureRandom().nextLong());
            }
        });
        CollectionReport done = report[0];
        return new Done(
                "deleted " + Count.of(done.deletedPacks(), "pack") + ", " + ByteSize.text(done.deletedBytes())
                        + "; condemned " + done.condemnedPacks() + ", " + ByteSize.text(done.condemnedBytes()),
                Map.of(
                        "deletedBytes", done.deletedBytes(),
                        "condemnedBytes", done.condemnedBytes(),
                        "repackedBytes", done.repackedBytes(),
                        "liveBytes", done.liveBytes()));
    }

    private final class CollectionWords implements CollectionListener {
        private final Output words;
        private final PhaseProgress phases;

        CollectionWords(Output words, PhaseProgress phases) {
            this.words = words;
            this.phases = phases;
        }

        @Override
        public void phase(String name, long steps) {
            phases.count(name, steps);
        }

        @Override
        public void advanced(long steps) {
            phases.add(steps);
        }

        @Override
        public void check() throws IOException {
            cancellation.check();
        }

        @Override
        public void notice(String message) {
            words.notice(message);
        }

        @Override
        public void warning(String code, String message) {
            words.warning(WarningCode.of(code, message));
        }
    }

    /** @throws RepositoryDamagedException if there are errors, which have been reported */
    Done fsck(JobFile.Check check) throws IOException {
        Output words = output.part(FSCK);
        FsckReport report;
        FsckOptions options = options(check);
        Closeable hold = Sessions.hold(repository, "fsck", job.patience(), words::notice);
        try (hold;
                PhaseProgress phases = new PhaseProgress(words)) {
            report = new Fsck(repository, options, new CheckWords(phases)).run();
        }
        AffectedText.lines(report.affected(), false).forEach(line -> words.line("%s", line));
        MergedFindings.lines(report.findings()).forEach(line -> words.line("%s", line));
        if (report.hasErrors()) {
            throw new RepositoryDamagedException(report);
        }
        if (report.hasWarnings()) {
            words.warning(WarningCode.FINDINGS, "the snapshots are intact, but see the findings above");
        }
        CheckStep step = CheckStep.of(report, options.level());
        return new Done(step.text(), step.numbers());
    }

    private FsckOptions options(JobFile.Check check) {
        boolean reads = check.readPercent().isPresent() || check.within().isPresent() || check.sinceLast();
        FsckOptions.Level level = check.deep()
                ? FsckOptions.Level.DEEP
                : reads ? FsckOptions.Level.READ_DATA : FsckOptions.Level.STRUCTURE;
        OptionalDouble percent = check.readPercent();
        return FsckOptions.of(level, threads)
                .choose(new PackChoice(
                        percent.isPresent() ? percent.getAsDouble() : 100, check.sinceLast(), check.within()))
                .rate(check.readRate().map(ReadRate::of).orElse(ReadRate.unlimited()))
                .seen(RepositoryOptions.seen(repository));
    }

    private final class CheckWords implements FsckListener {
        private final PhaseProgress phases;

        CheckWords(PhaseProgress phases) {
            this.phases = phases;
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
        public void found(Finding finding) {} // is in the report
    }

    /** Determines the size of the repository, and the free space of its file system. */
    Done repository() throws IOException {
        AtomicLong packs = new AtomicLong();
        AtomicLong bytes = new AtomicLong();
        repository.backend().list("packs", (name, size) -> {
            packs.incrementAndGet();
            bytes.addAndGet(size);
        });
        String held = ByteSize.text(bytes.get()) + " in " + Count.of(packs.get(), "pack");
        Optional<Path> folder = job.repository().where().folder();
        if (folder.isEmpty()) {
            return new Done(held, Map.of("packs", packs.get(), "packBytes", bytes.get())); // a bucket is never full
        }
        FileStore store = Files.getFileStore(folder.get());
        return new Done(
                held + ", " + ByteSize.text(store.getUsableSpace()) + " free",
                Map.of(
                        "packs", packs.get(),
                        "packBytes", bytes.get(),
                        "freeBytes", store.getUsableSpace(),
                        "totalBytes", store.getTotalSpace()));
    }

    /** Returns the time since {@code nanos} in milliseconds. */
    static long since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
    }
}
