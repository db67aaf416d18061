package io.varve.tools.command;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.FileUse;
import io.varve.adapters.file.Reader;
import io.varve.adapters.raw.ExistingRawDisk;
import io.varve.adapters.vhdx.write.NewParent;
import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.backup.BackupJob;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.port.TargetInUseException;
import io.varve.engine.restore.RestoreJob;
import io.varve.engine.restore.RestoreListener;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Reason;
import io.varve.store.fault.UnknownOutcomeException;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.tools.document.FilesDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.document.RestoreDocument;
import io.varve.tools.document.RestorePlanDocument;
import io.varve.tools.document.RestoredFileEntry;
import io.varve.tools.option.Closing;
import io.varve.tools.option.DiskPlace;
import io.varve.tools.option.DiskStream;
import io.varve.tools.option.DryRunOption;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.NamedFile;
import io.varve.tools.option.NewDiskOptions;
import io.varve.tools.option.OutputPath;
import io.varve.tools.option.PaceOptions;
import io.varve.tools.option.ParentOptions;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.ShareOptions;
import io.varve.tools.option.ShareServers;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.option.ThreadsOption;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.DamageList;
import io.varve.tools.output.Output;
import io.varve.tools.output.Progress;
import io.varve.tools.output.RestoreProgress;
import io.varve.tools.output.Subject;
import io.varve.tools.output.TargetWarnings;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Restore a disk of a snapshot to a file or device, or its configuration files to a" + " directory.",
            "",
            "Every block is verified before it is written. A new file gets its name only when it" + " is complete."
        },
        footer = {
            "",
            "  varve restore latest --to web1.vhdx            a dynamic VHDX",
            "  varve restore latest --to web1.vhd --format vhd-fixed",
            "  varve restore latest --to web1.raw             a sparse raw file",
            "  varve restore latest --to smb://nas/vm/x.vhdx  onto a share",
            "  varve restore latest --to /dev/sdX --in-place  what differs",
            "  varve restore latest --files web1-config       the configuration files",
            "  varve restore latest --to new.avhdx --since latest~1 --over old.vhdx"
        })
@Prints({RestoreDocument.class, FilesDocument.class, RestorePlanDocument.class})
public final class RestoreCommand extends RepositoryOptions {
    @Parameters(paramLabel = "SNAPSHOT", description = SnapshotReference.HELP)
    private String reference;

    @Option(
            names = "--disk",
            paramLabel = "DISK",
            description = "Number, name or GUID of the disk. Required if there are several.")
    private String diskName;

    @Option(
            names = "--to",
            paramLabel = "FILE",
            description = "File or device to write, or smb://HOST/SHARE/PATH; - for standard output, raw.")
    private String to;

    private Path target; // of --to; null without it, and for a file on a share

    @Option(
            names = "--files",
            paramLabel = "DIR",
            description = "Restore the snapshot's configuration files to this directory, instead of a disk.")
    private Path files;

    @Mixin
    private NewDiskOptions newDisk;

    @Option(
            names = "--since",
            paramLabel = "SNAPSHOT",
            description =
                    "Write only the differences from this snapshot, as a differencing VHDX over the" + " --over file.")
    private String since;

    @Option(
            names = "--over",
            paramLabel = "VHDX",
            description =
                    "With --since: the disk of that snapshot, restored earlier. FILE will name it as its" + " parent.")
    private Path over;

    @Mixin
    private ParentOptions parents;

    @Mixin
    private ShareOptions shares;

    @Option(
            names = "--in-place",
            description = "Write to an existing raw file or device, and only the blocks that differ. Can be"
                    + " run again after an interruption. Refused while FILE is mounted or in use.")
    private boolean inPlace;

    @Option(
            names = "--allow-damaged",
            description = "Write zeros in place of damaged blocks and list them, instead of stopping.")
    private boolean allowDamaged;

    @Mixin
    private DryRunOption dryRun;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private ProgressOption progress;

    private volatile FilesRestore restoredFiles; // set while configuration files are restored

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        if (files != null) {
            return restoredFiles == null ? "nothing was restored" : restoredFiles.soFar();
        }
        if (to.equals("-")) {
            return "what went to standard output is incomplete";
        }
        return inPlace
                ? to + " may hold a part of the disk; run the same command again to continue"
                : to + " was not written";
    }

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.READ;
    }

    @Override
    public boolean onlyConfirms() {
        return !dryRun.given();
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        SnapshotCatalog.Listing listing = list(repository, output);
        Snapshot snapshot = SnapshotReference.resolve(reference, listing);
        if (dryRun.given() && (files != null || to != null && to.equals("-"))) {
            throw new UsageException("--dry-run is for a disk that is restored to a file or device: omit it");
        }
        if (files != null) {
            restoreFiles(repository, snapshot, output, cancellation);
            return;
        }
        if (to == null) {
            throw new UsageException("expected --to FILE for a disk, or --files DIR for the configuration files");
        }
        DiskRecord disk = SnapshotReference.disk(snapshot, diskName);
        try (ShareServers servers = shares.servers()) {
            restore(repository, listing, snapshot, disk, servers, output, cancellation);
        }
    }

    private DiskPlace targetPlace() throws UsageException {
        try {
            return DiskPlace.parse(to);
        } catch (InvalidPathException e) {
            throw new UsageException("--to '" + to + "' is not a path: " + e.getReason());
        }
    }

    private void restore(
            Repository repository,
            SnapshotCatalog.Listing listing,
            Snapshot snapshot,
            DiskRecord disk,
            ShareServers servers,
            Output output,
            Cancellation cancellation)
            throws IOException {
        boolean toStandardOutput = to.equals("-");
        ShareTarget onShare = null;
        if (toStandardOutput) {
            checkStandardOutput(output);
        } else if (targetPlace() instanceof DiskPlace.OnShare place) {
            if (inPlace || since != null || over != null || dryRun.given()) {
                throw new UsageException("onto a share a disk is restored as a new file: omit --in-place, --since,"
                        + " --over and --dry-run");
            }
            onShare = new ShareTarget(place, servers, newDisk);
            onShare.check();
        } else {
            target = ((DiskPlace.Here) targetPlace()).file();
            checkTarget(repository);
        }
        if (snapshot.manifest().consistency().equals(BackupJob.FUZZY)) {
            output.notice("snapshot " + snapshot.id() + " is fuzzy: its source could be written to"
                    + " while it was read. Check the restored disk before relying on it");
        }
        if (toStandardOutput) {
            stream(repository, snapshot, disk, output, cancellation);
            return;
        }
        DiskRecord before = since == null ? null : before(disk, SnapshotReference.resolve(since, listing));
        if (dryRun.given()) {
            showPlan(repository, snapshot, disk, before, output);
            return;
        }
        int workers = threads.count();
        Pace limits = pace.pace();
        long started = System.nanoTime();
        RestoreJob.Result[] result = new RestoreJob.Result[1];
        DamageList damage = new DamageList(output);
        try (ReadSession session = ReadSession.open(repository, output::notice)) {
            DiskTarget target = onShare != null
                    ? open(onShare, disk)
                    : before == null ? open(disk, session, output) : openDifference(disk, before, session, output);
            Closing.after(target, output, opened -> {
                try (Progress shown = Progress.start(output, subject(snapshot, disk), disk.size())) {
                    RestoreListener listener = new RestoreProgress(shown, damage);
                    RestoreJob job =
                            new RestoreJob(session, disk, workers, allowDamaged, listener, cancellation, limits);
                    result[0] = before == null ? job.run(opened) : job.runDifference(before, opened);
                }
                commit(opened);
            });
        } catch (CorruptDataException e) {
            throw new CorruptDataException(
                    e.file(),
                    e.offset(),
                    e.expected(),
                    e.found() + "; the restore was stopped" + (inPlace ? "" : " and nothing was written")
                            + ": run 'varve fsck', or restore the rest with --allow-damaged");
        }
        damage.finish();
        report(output, snapshot, disk, result[0], System.nanoTime() - started);
        RestoreDocument document = document(snapshot, disk, result[0], damage, started);
        output.document(() -> document);
    }

    private void showPlan(Repository repository, Snapshot snapshot, DiskRecord disk, DiskRecord before, Output output)
            throws IOException {
        RestorePlan plan = new RestorePlan(target, inPlace, disk, output);
        try (ReadSession session = ReadSession.open(repository, output::notice)) {
            if (inPlace) {
                open(disk, session, output).close(); // what it checks, it says
            } else if (before != null) {
                DifferenceParent.check(
                        over, target, parents.search(Reader.AUTO), before, session, threads.count(), output);
            } else {
                newDisk.plan(target, disk, contentGuid(disk, Optional.empty()));
                TargetWarnings warnings = new TargetWarnings(output, target, disk);
                warnings.ofReplaced(FileUse.users(target));
                warnings.ofNewFile(newDisk.logicalSectorSize(target, disk));
            }
            String format = inPlace
                    ? "raw"
                    : before != null
                            ? "vhdx-differencing"
                            : newDisk.format(target).word();
            plan.show(snapshot, format, before, session);
        }
    }

    private static Subject subject(Snapshot snapshot, DiskRecord disk) {
        return Subject.disk("restoring", snapshot.manifest().machine(), disk.name());
    }

    private void restoreFiles(Repository repository, Snapshot snapshot, Output output, Cancellation cancellation)
            throws IOException {
        boolean ofDisk = to != null || diskName != null || inPlace || since != null || over != null || allowDamaged;
        if (ofDisk || newDisk.given().isPresent()) {
            throw new UsageException("--files restores configuration files: omit --to, --disk,"
                    + " --format, --in-place, --since, --over and --allow-damaged (damaged files are"
                    + " skipped, the others restored)");
        }
        FilesRestore restore = new FilesRestore(files, newDisk.force());
        restore.check();
        OutputPath.checkOutside(files, "--files", repository);
        restoredFiles = restore;
        List<RestoredFileEntry> entries = new ArrayList<>();
        output.document(() -> new FilesDocument(snapshot.id().text(), entries));
        restore.run(repository, snapshot, entries, output, cancellation);
    }

    private void checkStandardOutput(Output output) throws UsageException {
        if (output.isJson()) {
            throw new UsageException("--json and the disk cannot both go to standard output: give --to a file");
        }
        if (inPlace
                || since != null
                || over != null
                || allowDamaged
                || newDisk.given().isPresent()) {
            throw new UsageException("--to - writes raw bytes to standard output: omit --in-place,"
                    + " --since, --over, --allow-damaged and --format; a file of that name is ./-");
        }
    }

    private void stream(
            Repository repository, Snapshot snapshot, DiskRecord disk, Output output, Cancellation cancellation)
            throws IOException {
        try (ReadSession session = ReadSession.open(repository, output::notice);
                SnapshotImage image = new SnapshotImage(session, disk, snapshot.id() + " disk " + disk.name());
                Progress shown = Progress.start(output, subject(snapshot, disk), disk.size())) {
            new DiskStream(image, cancellation).write(0, disk.size(), shown::add);
        }
        output.notice("restored disk " + disk.name() + " of " + snapshot.id() + " to standard output: "
                + ByteSize.text(disk.size()));
    }

    private static DiskRecord before(DiskRecord disk, Snapshot other) throws UsageException {
        DiskRecord before = SnapshotReference.sameDisk(disk, other)
                .orElseThrow(() -> new UsageException("snapshot " + other.id() + " has no disk like " + disk.name()));
        if (before.blockSize() != disk.blockSize()
                || before.logicalSectorSize() != disk.logicalSectorSize()
                || !before.guid().equals(disk.guid())) {
            throw new UsageException("disk " + disk.name() + " and disk " + before.name() + " of " + other.id()
                    + " are not the same disk: GUID, sector size or block size differ");
        }
        return before;
    }

    private void checkTarget(Repository repository) throws IOException {
        if (inPlace && newDisk.given().isPresent()) {
            throw new UsageException("--in-place writes to an existing raw file or device: omit "
                    + newDisk.given().get());
        }
        if ((since == null) != (over == null) || since != null && inPlace) {
            throw new UsageException("--since and --over go together, and not with --in-place");
        }
        if (inPlace && !NamedFile.exists(target)) {
            throw new UsageException(target + ": no such file; --in-place needs an existing file or device");
        }
        if (!inPlace && NamedFile.exists(target) && !NamedFile.isFile(target)) {
            throw new UsageException(target + " is not a regular file: use --in-place for a device");
        }
        OutputPath.checkOutside(target, "the target", repository);
        if (!inPlace && !newDisk.force() && NamedFile.exists(target)) {
            throw new UsageException(target + " exists: choose another name, --force to replace it, or --in-place");
        }
        Optional<String> foreign = newDisk.hasFormat() || inPlace
                ? Optional.empty()
                : DiskImages.foreignName(String.valueOf(target.getFileName()));
        if (foreign.isPresent()) {
            throw new UsageException(target + ": has the"
                    + " extension of " + foreign.get() + ", which Varve does not write: use .vhdx, .vhd"
                    + " or .raw, or --format raw to keep the name");
        }
        if (!inPlace) {
            OutputPath.checkNew(target, newDisk.force());
        }
        if (over != null && !NamedFile.isFile(over)) {
            throw new UsageException(over + ": no such file");
        }
    }

    /** Creates the target. Its failures are failures of the target. */
    private interface Opening {
        DiskTarget open() throws IOException;
    }

    private static DiskTarget open(Opening opening) throws IOException {
        try {
            return opening.open();
        } catch (TargetException | TargetInUseException | UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new TargetException(Reason.of(e), e);
        }
    }

    private DiskTarget open(ShareTarget onShare, DiskRecord disk) throws IOException {
        return open(() -> onShare.create(disk, contentGuid(disk, Optional.empty())));
    }

    private DiskTarget open(DiskRecord disk, ReadSession session, Output output) throws IOException {
        TargetWarnings warnings = new TargetWarnings(output, target, disk);
        if (!inPlace) {
            warnings.ofReplaced(FileUse.users(target));
            DiskTarget opened = open(() -> newDisk.create(target, disk, contentGuid(disk, Optional.empty())));
            warnings.ofNewFile(newDisk.logicalSectorSize(target, disk));
            return opened;
        }
        if (NamedFile.isFile(target)) {
            Container.refuse(target, disk, session);
        }
        List<String> users = newDisk.force() ? FileUse.users(target) : List.of();
        ExistingRawDisk opened = (ExistingRawDisk) open(() -> newDisk.force()
                ? ExistingRawDisk.openInUse(target, disk.size())
                : ExistingRawDisk.open(target, disk.size()));
        warnings.ofExisting(users, opened);
        return opened;
    }

    private DiskTarget openDifference(DiskRecord disk, DiskRecord before, ReadSession session, Output output)
            throws IOException {
        UUID state = DifferenceParent.check(
                over, target, parents.search(Reader.AUTO), before, session, threads.count(), output);
        NewParent parent = NewParent.at(over, target, state);
        new TargetWarnings(output, target, disk).ofReplaced(FileUse.users(target));
        return open(() -> newDisk.createDifference(target, disk, contentGuid(disk, Optional.of(state)), parent));
    }

    /**
     * Returns the GUID for the content; empty if damaged blocks may become zeros, since that is not the snapshot's
     * content.
     */
    private Optional<UUID> contentGuid(DiskRecord disk, Optional<UUID> parent) {
        return allowDamaged ? Optional.empty() : Optional.of(ContentGuid.of(disk, parent));
    }

    private static void commit(DiskTarget opened) throws IOException {
        try {
            opened.commit();
        } catch (TargetException e) {
            throw e;
        } catch (IOException e) {
            throw new UnknownOutcomeException(
                    "the restore is complete, but may not survive a power cut: " + Reason.of(e)
                            + "; check the target and its disk before repeating it (with --force)",
                    e);
        }
    }

    private void report(Output output, Snapshot snapshot, DiskRecord disk, RestoreJob.Result result, long nanos) {
        output.line(
                "restored disk %s of %s to %s: wrote %s of %s%s in %.1f s, %s",
                disk.name(),
                snapshot.id(),
                inPlace || since != null ? to : to + " (" + newDisk.format(to).word() + ")",
                ByteSize.text(result.written()),
                ByteSize.text(disk.size()),
                inPlace ? ", " + ByteSize.text(result.unchanged()) + " already matched" : "",
                nanos / 1e9,
                ByteSize.rate(result.written(), nanos));
    }

    private RestoreDocument document(
            Snapshot snapshot, DiskRecord disk, RestoreJob.Result result, DamageList damage, long started) {
        return new RestoreDocument(
                snapshot.id().text(),
                disk.name(),
                to,
                result.written(),
                result.unchanged(),
                result.zero(),
                result.damaged(),
                (System.nanoTime() - started) / 1e9,
                damage.entries());
    }
}
