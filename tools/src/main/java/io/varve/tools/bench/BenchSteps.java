package io.varve.tools.bench;

import io.varve.adapters.file.FileCheckpoint;
import io.varve.adapters.raw.RawTarget;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupEvent;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.backup.BackupListener;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.engine.restore.RestoreJob;
import io.varve.engine.restore.RestoreListener;
import io.varve.store.Folder;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.check.Finding;
import io.varve.store.check.Fsck;
import io.varve.store.check.FsckListener;
import io.varve.store.check.FsckOptions;
import io.varve.store.check.FsckReport;
import io.varve.store.crypt.Argon2;
import io.varve.store.crypt.Credential;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.gc.Collection;
import io.varve.store.gc.CollectionListener;
import io.varve.store.gc.CollectionOptions;
import io.varve.store.gc.CollectionReport;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskCounters;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.output.Output;
import io.varve.tools.output.Version;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Runs and measures two nights of one disk in a new repository, as the commands would, but in this process. */
final class BenchSteps {
    private static final String MACHINE = "bench";
    private static final String FIRST_NIGHT = "night-1";

    private final Path root;
    private final Path disk;
    private final boolean encrypt;
    private final int workers;
    private final Output output;
    private final Cancellation cancellation;
    private Repository repository;

    /** @param root directory of the repository; its parent holds the restored disk and the key meanwhile */
    BenchSteps(Path root, Path disk, boolean encrypt, int workers, Output output, Cancellation cancellation) {
        this.root = root;
        this.disk = disk;
        this.encrypt = encrypt;
        this.workers = workers;
        this.output = output;
        this.cancellation = cancellation;
    }

    List<BenchStep> run() throws IOException {
        List<BenchStep> steps = new ArrayList<>();
        try (Repository made = make()) {
            repository = made;
            Snapshot[] nights = new Snapshot[2];
            add(steps, "full", () -> {
                nights[0] = backup(FIRST_NIGHT, image -> image, ignored -> RangeSet.empty());
                return amount(nights[0]);
            });
            add(steps, "incremental", () -> {
                nights[1] = backup(
                        "night-2",
                        image -> new ChangedDisk(image, BenchDisk.data(image)),
                        image -> ((ChangedDisk) image).changes());
                return amount(nights[1]);
            });
            add(steps, "restore", () -> restore(nights[1]));
            add(steps, "fsck", this::check);
            add(steps, "gc", () -> collect(nights[0]));
        }
        return steps;
    }

    private void add(List<BenchStep> steps, String name, BenchStep.Work work) throws IOException {
        cancellation.check();
        output.notice("measuring " + name);
        steps.add(BenchStep.measure(name, work));
    }

    private Repository make() throws IOException {
        RepositoryConfig config = new RepositoryConfig(
                UUID.randomUUID(),
                RepositoryConfig.DEFAULT_BLOCK_SIZE,
                RepositoryConfig.DEFAULT_PACK_TARGET_SIZE,
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                encrypt);
        if (!encrypt) {
            return Repository.init(root, config);
        }
        try (Credential key = Credential.newKeyFile(root.resolveSibling("key"))) {
            return Repository.initEncrypted(new Folder(root), config, key, MACHINE, Argon2.DEFAULT);
        }
    }

    /** Derives tonight's disk from the one in the file. */
    @FunctionalInterface
    private interface Night {
        DiskImage of(DiskImage image) throws IOException;
    }

    /** Returns what changed on tonight's disk since the first night. */
    @FunctionalInterface
    private interface ChangeList {
        RangeSet of(DiskImage tonight);
    }

    private record Tracker(RangeSet changes, String tonight) implements ChangeTracker {
        @Override
        public Changes changesSince(String token) {
            return new Changes.Known(changes);
        }

        @Override
        public Optional<String> token() {
            return Optional.of(tonight);
        }
    }

    private Snapshot backup(String token, Night night, ChangeList changes) throws IOException {
        BackupOptions options = new BackupOptions(workers, BackupOptions.DEFAULT_RUN_SIZE, -1, 1);
        try (WriteSession session = WriteSession.open(repository, MACHINE, Duration.ZERO, output::notice)) {
            return new BackupJob(session, options, new Listener(), cancellation, Version.number())
                    .run(MACHINE, previous -> {
                        DiskImage image = night.of(BenchDisk.open(disk));
                        return new FileCheckpoint(List.of(
                                new CheckpointDisk("disk", true, image, new Tracker(changes.of(image), token))));
                    });
        }
    }

    private static BenchStep.Amount amount(Snapshot night) {
        DiskCounters counters = night.manifest().disks().get(0).counters();
        return new BenchStep.Amount(counters.read(), counters.stored());
    }

    private BenchStep.Amount restore(Snapshot night) throws IOException {
        DiskRecord record = night.manifest().disks().get(0);
        Path file = root.resolveSibling("restored.raw");
        RestoreJob.Result result;
        try (ReadSession session = ReadSession.open(repository, output::notice);
                DiskTarget target = RawTarget.create(file, record.size(), false)) {
            result = new RestoreJob(session, record, workers, false, new Listener(), cancellation).run(target);
            target.commit();
        }
        Files.delete(file);
        return new BenchStep.Amount(result.written(), result.written());
    }

    private BenchStep.Amount check() throws IOException {
        FsckReport report =
                new Fsck(repository, FsckOptions.of(FsckOptions.Level.READ_DATA, workers), new Listener()).run();
        if (report.hasErrors()) {
            throw new IOException("fsck found errors in the benchmark's own repository: "
                    + report.findings().get(0).message());
        }
        return new BenchStep.Amount(report.bytesRead(), 0);
    }

    /** Forgets a night, and condemns and deletes what only it needed. */
    private BenchStep.Amount collect(Snapshot night) throws IOException {
        repository.shelf().forget(night);
        CollectionReport first = collect();
        collect();
        return new BenchStep.Amount(first.bytes(), first.repackedBytes());
    }

    private CollectionReport collect() throws IOException {
        cancellation.check();
        CollectionOptions options = new CollectionOptions(CollectionOptions.DEFAULT_MAX_WASTE, 100, false);
        try (WriteSession session =
                WriteSession.openForCollection(repository, MACHINE, Duration.ZERO, output::notice)) {
            return Collection.run(session, options, new Listener(), 1);
        }
    }

    /** Passes warnings on to the operator. */
    private final class Listener implements BackupListener, RestoreListener, CollectionListener, FsckListener {
        @Override
        public void on(BackupEvent event) {
            if (event instanceof BackupEvent.Warning warning) {
                warning(warning.code(), warning.message());
            } else if (event instanceof BackupEvent.Raised raised) {
                warning(raised.alarm().code(), raised.alarm().message());
            } else if (event instanceof BackupEvent.Notice notice) {
                notice(notice.message());
            }
        }

        @Override
        public void bytesDone(long bytes) {}

        @Override
        public void damaged(Range range, CorruptDataException why) {}

        @Override
        public void check() throws IOException {
            cancellation.check();
        }

        @Override
        public void phase(String name, long total) {}

        @Override
        public void advanced(long units) {}

        @Override
        public void found(Finding finding) {
            output.warning(WarningCode.DAMAGE, finding.message());
        }

        @Override
        public void notice(String message) {
            output.notice(message);
        }

        @Override
        public void warning(String code, String message) {
            output.warning(WarningCode.of(code, message));
        }
    }
}
