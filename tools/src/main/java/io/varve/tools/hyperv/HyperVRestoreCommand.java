package io.varve.tools.hyperv;

import io.varve.adapters.file.SafeName;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.restore.RestoreJob;
import io.varve.engine.restore.RestoreListener;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.command.ContentGuid;
import io.varve.tools.command.FilesRestore;
import io.varve.tools.document.HyperVRestoreDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RestoredFileEntry;
import io.varve.tools.option.Closing;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.NewDiskOptions;
import io.varve.tools.option.OutputPath;
import io.varve.tools.option.PaceOptions;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.option.ThreadsOption;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.DamageList;
import io.varve.tools.output.Output;
import io.varve.tools.output.Printable;
import io.varve.tools.output.Progress;
import io.varve.tools.output.RestoreProgress;
import io.varve.tools.output.Subject;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Restore all disks and the configuration of a machine to a folder.",
            "",
            "Writes each disk as a VHDX to 'Virtual Hard Disks', with the disk's own id, and the configuration to"
                    + " 'Virtual Machines'. Each file appears when it is complete. The configuration still names the"
                    + " disks' original paths.",
            "",
            "With --register, a host then creates a machine from them, in place: it imports the configuration,"
                    + " points it to the restored disks, and validates it. The machine is not started. If the"
                    + " host refuses, no machine is left there, and the files stay."
        },
        footer = {
            "",
            "  varve hyperv restore -r /backup/repo latest:web1 \\",
            "      --to-dir /mnt/hv1/restored/web1",
            "  varve hyperv restore -r /backup/repo latest:web1 \\",
            "      --to-dir /mnt/hv1/restored/web1 --register --host hv1.example.com \\",
            "      --map 'D:\\VMs=/mnt/hv1'"
        })
@Prints(HyperVRestoreDocument.class)
final class HyperVRestoreCommand extends RepositoryOptions {
    private static final String DISKS = "Virtual Hard Disks";
    private static final String MACHINES = "Virtual Machines";

    @Parameters(index = "0", paramLabel = "SNAPSHOT", description = "Snapshot id, or latest:MACHINE.")
    private String reference;

    @Option(
            names = "--to-dir",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write to. It must be empty or not exist yet.")
    private Path directory;

    @ArgGroup(exclusive = false, heading = "%nRegister it as a machine:%n")
    private RegisterOptions register;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private ProgressOption progress;

    private final List<RestoredFileEntry> disks = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return Count.of(done.get(), "disk") + " restored to " + directory;
    }

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    public boolean onlyConfirms() {
        return true;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        Snapshot snapshot = SnapshotReference.resolve(reference, list(repository, output));
        check(repository);
        if (register == null || !register.isWanted()) {
            restore(repository, snapshot, Optional.empty(), output, cancellation);
            return;
        }
        try (Registration registration = Registration.begin(register, directory, snapshot, repository, output)) {
            restore(repository, snapshot, Optional.of(registration), output, cancellation);
        }
    }

    private void restore(
            Repository repository,
            Snapshot snapshot,
            Optional<Registration> registration,
            Output output,
            Cancellation cancellation)
            throws IOException {
        if (snapshot.manifest().consistency().equals(BackupJob.FUZZY)) {
            output.notice("snapshot " + snapshot.id() + " is fuzzy: its source could be written to"
                    + " while it was read. Check the restored disks before relying on them");
        }
        List<RestoredFileEntry> files = new ArrayList<>();
        output.document(() -> new HyperVRestoreDocument(
                snapshot.id().text(), disks, files, importFile(files), registration.flatMap(Registration::machine)));
        Path diskFolder = create(directory.resolve(DISKS));
        SafeName names = new SafeName();
        try (ReadSession session = ReadSession.open(repository, output::notice)) {
            for (DiskRecord disk : snapshot.manifest().disks()) {
                restore(
                        session,
                        snapshot,
                        disk,
                        diskFolder.resolve(names.of(disk.name() + ".vhdx")),
                        output,
                        cancellation);
            }
        }
        new FilesRestore(directory.resolve(MACHINES), false).run(repository, snapshot, files, output, cancellation);
        if (registration.isPresent()) {
            registration.get().run(importFile(files), disks);
            return;
        }
        importFile(files)
                .ifPresent(file -> output.line(
                        "the configuration, %s, still names the disks' original paths: see 'Getting a machine back' in"
                                + " docs/hyperv.md before importing it",
                        Printable.name(file)));
    }

    private void check(Repository repository) throws IOException {
        if (Files.exists(directory)) {
            if (!Files.isDirectory(directory)) {
                throw new UsageException("--to-dir " + directory + ": expected a folder, found something else");
            }
            try (Stream<Path> there = Files.list(directory)) {
                if (there.findAny().isPresent()) {
                    throw new UsageException("--to-dir " + directory + ": expected an empty folder, or one that"
                            + " does not exist yet");
                }
            }
        }
        OutputPath.checkOutside(directory, "--to-dir", repository);
    }

    private static Path create(Path folder) throws TargetException {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new TargetException(folder + ": cannot be created: " + Reason.of(e), e);
        }
    }

    private void restore(
            ReadSession session,
            Snapshot snapshot,
            DiskRecord disk,
            Path file,
            Output output,
            Cancellation cancellation)
            throws IOException {
        RestoreJob.Result[] result = new RestoreJob.Result[1];
        DiskTarget target =
                new NewDiskOptions().create(file, disk, Optional.of(ContentGuid.of(disk, Optional.empty())));
        Closing.after(target, output, opened -> {
            Subject subject = Subject.disk("restoring", snapshot.manifest().machine(), disk.name());
            try (Progress shown = Progress.start(output, subject, disk.size())) {
                RestoreListener listener = new RestoreProgress(shown, new DamageList(output));
                result[0] = new RestoreJob(session, disk, threads.count(), false, listener, cancellation, pace.pace())
                        .run(opened);
            }
            opened.commit();
        });
        done.incrementAndGet();
        disks.add(new RestoredFileEntry(
                disk.name(), Optional.of(file.toString()), Optional.of(disk.size()), Optional.empty()));
        output.line(
                "restored disk %s of %s to %s: wrote %s of %s",
                Printable.name(disk.name()),
                snapshot.id(),
                Printable.name(file.toString()),
                ByteSize.text(result[0].written()),
                ByteSize.text(disk.size()));
    }

    private static Optional<String> importFile(List<RestoredFileEntry> files) {
        return files.stream()
                .flatMap(file -> file.target().stream())
                .filter(file -> file.toLowerCase(Locale.ROOT).endsWith(".vmcx"))
                .findFirst();
    }
}
