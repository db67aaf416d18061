package io.varve.tools.command;

import io.varve.adapters.SourceFormat;
import io.varve.adapters.file.Reader;
import io.varve.adapters.virtdisk.Virtdisk;
import io.varve.engine.Cancellation;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.port.CheckpointSource;
import io.varve.engine.port.SourceException;
import io.varve.store.Repository;
import io.varve.store.fault.Reason;
import io.varve.tools.backup.MachineBackup;
import io.varve.tools.backup.PipedCheckpoint;
import io.varve.tools.document.BackupDocument;
import io.varve.tools.document.BackupPlanDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.option.BackupChoices;
import io.varve.tools.option.DiskArguments;
import io.varve.tools.option.DryRunOption;
import io.varve.tools.option.FileArguments;
import io.varve.tools.option.KeyNeed;
import io.varve.tools.option.Moment;
import io.varve.tools.option.ParentOptions;
import io.varve.tools.option.PipedDisk;
import io.varve.tools.option.ProgressOption;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.ShareOptions;
import io.varve.tools.option.ShareServers;
import io.varve.tools.option.SourceFormatConverter;
import io.varve.tools.output.Output;
import io.varve.tools.output.Scratch;
import io.varve.tools.output.UsageException;
import io.varve.tools.source.LocalDisks;
import io.varve.tools.source.SharedDisks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Back up a machine's disks as one snapshot.",
            "",
            "Without a change list, all allocated parts of a disk are read; unchanged blocks"
                    + " take up no space. With one, only the listed ranges are read, plus a sample of the"
                    + " rest to check the list. A list that cannot be trusted does not stop the backup:"
                    + " that disk is read in full, with a warning. A differencing VHDX whose parent is the"
                    + " file backed up last serves as its own change list."
        },
        footer = {
            "",
            "Two nights of one disk:",
            "  varve backup --machine web1 --token night-1 system=/vm/web1.vhdx",
            "  varve backup --machine web1 --token night-2 --since night-1 \\",
            "      --changes list.json system=/vm/web1.vhdx",
            "",
            "list.json holds ranges of the virtual disk, in bytes:",
            "  [{\"offset\": 1048576, \"length\": 65536}, …]",
            "",
            "A disk on a share, without mounting it:",
            "  varve backup --machine web1 --smb-user 'CORP\\backup' smb://nas/vm/web1.vhdx",
            "",
            "A disk from a pipe; without pipefail and --size, half a disk looks like a smaller one:",
            "  set -o pipefail",
            "  ssh db1 cat /dev/vg0/snap | varve backup --machine db1 --size 20GiB data=-"
        })
@Prints({BackupDocument.class, BackupPlanDocument.class})
public final class BackupCommand extends RepositoryOptions {
    private static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");

    @Option(
            names = "--machine",
            required = true,
            paramLabel = "NAME",
            description = "Machine whose disks these are. Its snapshots form one history.")
    private String machine;

    @Parameters(
            arity = "1..*",
            paramLabel = "[NAME=]DISK",
            description = "VHDX (fixed, dynamic, differencing), VHD or raw file, here or on a share"
                    + " (smb://HOST/SHARE/PATH). NAME identifies the disk from"
                    + " one night to the next; without it, the disk's GUID does. NAME=- is a raw disk from standard"
                    + " input.")
    private List<String> disks;

    @Option(
            names = "--file",
            paramLabel = "NAME=PATH",
            description = "Configuration file to store with the disks, under NAME. Repeatable.")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--changes",
            paramLabel = "FILE",
            description = "JSON list of the ranges changed since --since. Once per disk; - for none.")
    private List<String> changes = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TOKEN",
            description = "Token at which the change list starts: the one stored with the previous snapshot.")
    private List<String> since = new ArrayList<>();

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "Token to store with this snapshot, at which the next change list will start.")
    private List<String> tokens = new ArrayList<>();

    @Option(
            names = "--audit",
            paramLabel = "PERCENT",
            description = "Share of the unchanged blocks to read and compare, different ones each night."
                    + " Default: 64 MiB, or as much as the change list names, up to 1 %% of the disk; ten"
                    + " times that after a list was not trusted, until all blocks have been compared.")
    private Double auditPercent;

    @Option(names = "--full", description = "Read everything that is allocated and ignore change lists.")
    private boolean full;

    @Option(
            names = "--require-frozen",
            description = "Refuse a disk that another program can write to, or wrote to during the backup"
                    + " (exit code 4). Otherwise this is a warning, and the snapshot is marked fuzzy.")
    private boolean requireFrozen;

    @Option(
            names = "--via",
            defaultValue = "auto",
            description = "Where change lists come from: ${COMPLETION-CANDIDATES}. auto: from --changes, or from the"
                    + " files themselves. rct: from Windows (resilient change tracking), on the Hyper-V host itself,"
                    + " for disks that nobody has open for writing. rsvd: from a Scale-Out File Server, for VHD sets"
                    + " (smb://HOST/SHARE/PATH.vhds). Default: ${DEFAULT-VALUE}.")
    private Via via;

    @Option(
            names = "--allow-live",
            description = "With --via rsvd: read a disk that does not support snapshots while its machines write to"
                    + " it. The snapshot is then marked fuzzy.")
    private boolean allowLive;

    /** What provides change lists. */
    private enum Via {
        AUTO,
        RCT,
        RSVD;

        @Override
        public String toString() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = SourceFormatConverter.class,
            description = "Format of DISK: auto (by content and name), raw, vhdx or vhd. Once for all disks,"
                    + " or once per disk in the same order. Default: auto.")
    private List<SourceFormat> formats = new ArrayList<>();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Moment.class,
            description = "Point in time of the snapshot, such as 2026-11-21T02:00:00Z, for images from"
                    + " earlier days. Default: now.")
    private Instant time;

    @Mixin
    private ParentOptions parents;

    @Mixin
    private ShareOptions shares;

    @Option(
            names = "--reader",
            paramLabel = "READER",
            defaultValue = "auto",
            description = "How files are read: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private Reader reader;

    @Mixin
    private PipedDisk standardInput;

    @Mixin
    private DryRunOption dryRun;

    @Mixin
    private BackupChoices choices;

    @Mixin
    private ProgressOption progress;

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return "nothing was committed";
    }

    @Override
    public KeyNeed keyNeed() {
        return KeyNeed.WRITE;
    }

    @Override
    public boolean onlyConfirms() {
        return !dryRun.given();
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        progress.applyTo(output);
        checkTime();
        if (allowLive && via != Via.RSVD) {
            throw new UsageException("--allow-live is for --via rsvd");
        }
        Optional<String> piped = standardInput.nameIn(disks);
        MachineBackup backup = new MachineBackup(repository, choices.patience(), cancellation);
        if (piped.isPresent()) {
            fromStandardInput(piped.get(), backup, output, cancellation);
            return;
        }
        try (ShareServers servers = shares.servers()) {
            if (via == Via.RSVD) {
                sharedDisks(repository, backup, servers, output);
            } else {
                backUp(backup, servers, output, cancellation);
            }
        }
    }

    private void backUp(MachineBackup backup, ShareServers servers, Output output, Cancellation cancellation)
            throws IOException {
        MachineBackup.Request request = request(
                new DiskArguments(disks, formats, changes, since, tokens, full, virtdisk(cancellation), servers));
        if (dryRun.given()) {
            backup.forecast(request, output);
        } else {
            backup.run(request, output);
        }
    }

    /** VHD sets, each frozen by a snapshot at its server. */
    private void sharedDisks(Repository repository, MachineBackup backup, ShareServers servers, Output output)
            throws IOException {
        if (dryRun.given()
                || full
                || !(formats.isEmpty()
                        && changes.isEmpty()
                        && since.isEmpty()
                        && tokens.isEmpty()
                        && files.isEmpty())) {
            throw new UsageException("--via rsvd reads shared disks and nothing else: omit --dry-run, --full, --format,"
                    + " --changes, --since, --token and --file");
        }
        MachineBackup.checkName(machine);
        SharedDisks shared = new SharedDisks(repository, machine, servers, allowLive);
        backup.run(
                new MachineBackup.Work(machine, shared.source(disks, output), options(), Optional.ofNullable(time)),
                output);
    }

    private MachineBackup.Request request(DiskArguments arguments) throws IOException {
        arguments.check();
        MachineBackup.Request request = new MachineBackup.Request(
                machine,
                arguments,
                FileArguments.parse(files),
                reader,
                parents.search(reader, arguments.servers()),
                options(),
                Optional.ofNullable(time));
        request.check();
        return request;
    }

    private void checkTime() throws UsageException {
        if (time != null && time.isAfter(Instant.now())) {
            throw new UsageException("--time " + time + " is in the future");
        }
        if (time != null && (time.isBefore(Instant.EPOCH) || !time.isBefore(END_OF_TIME))) {
            throw new UsageException("--time " + time + " is out of range: expected a year from 1970 to 9999");
        }
    }

    private void fromStandardInput(String name, MachineBackup backup, Output output, Cancellation cancellation)
            throws IOException {
        if (dryRun.given() || via != Via.AUTO || !changes.isEmpty() || !since.isEmpty() || !tokens.isEmpty()) {
            throw new UsageException("a disk from standard input is read as a whole: omit --dry-run, --via,"
                    + " --changes, --since and --token");
        }
        if (formats.size() > 1
                || !formats.isEmpty()
                        && !List.of(SourceFormat.AUTO, SourceFormat.RAW).contains(formats.get(0))) {
            throw new UsageException("a disk from standard input is raw: omit --format");
        }
        MachineBackup.checkName(machine);
        Path directory = standardInput.newScratch();
        try {
            Path file;
            try {
                file = standardInput.read(
                        directory, formats.isEmpty() ? SourceFormat.AUTO : formats.get(0), cancellation);
            } catch (IOException e) {
                backup.recordFailure(machine, e, output);
                throw e;
            }
            MachineBackup.Request request = request(new DiskArguments(
                    List.of(name + "=" + file),
                    List.of(SourceFormat.RAW),
                    List.of(),
                    List.of(),
                    List.of(),
                    true,
                    Optional.empty(),
                    ShareServers.ofEnvironment()));
            CheckpointSource source = previous -> new PipedCheckpoint(
                    request.disks().checkpoint(request.reader(), request.parents(), request.files(), previous, output),
                    standardInput.consistency());
            backup.run(new MachineBackup.Work(machine, source, request.options(), request.time()), output);
        } finally {
            Scratch.delete(directory);
        }
    }

    private Optional<Virtdisk> virtdisk(Cancellation cancellation) throws SourceException {
        try {
            return via == Via.RCT ? Optional.of(LocalDisks.load(cancellation)) : Optional.empty();
        } catch (IOException e) {
            throw new SourceException(Reason.of(e, "cannot be read"), e);
        }
    }

    private BackupOptions options() throws UsageException {
        if (auditPercent != null && !(auditPercent >= 0 && auditPercent <= 100)) {
            throw new UsageException("--audit is a percentage from 0 to 100, not " + auditPercent);
        }
        return choices.options(auditPercent == null ? -1 : auditPercent / 100, requireFrozen || via == Via.RCT);
    }
}
