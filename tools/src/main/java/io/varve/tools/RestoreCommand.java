package io.varve.tools;

import io.varve.adapters.raw.ExistingRawDisk;
import io.varve.adapters.raw.RawTarget;
import io.varve.adapters.vhdx.NewVhdx;
import io.varve.adapters.vhdx.VhdxTarget;
import io.varve.engine.Cancellation;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import io.varve.engine.restore.RestoreJob;
import io.varve.engine.restore.RestoreListener;
import io.varve.store.CorruptDataException;
import io.varve.store.Repository;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
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
            "Write a disk of a snapshot to a file or device.",
            "",
            "Every block is verified before it is written. A new file gets its name only when it is complete."
        },
        footer = {
            "",
            "  varve restore latest --to web1.vhdx              a dynamic VHDX",
            "  varve restore latest --to web1.raw               a sparse raw file",
            "  varve restore latest --to /dev/sdX --in-place    only blocks that differ"
        })
final class RestoreCommand extends RepositoryOptions {
    /** What a restored disk is written as. */
    enum Format {
        RAW,
        VHDX
    }

    @Parameters(paramLabel = "SNAPSHOT", description = SnapshotReference.HELP)
    private String reference;

    @Option(names = "--disk", paramLabel = "DISK", description = "A number, name or GUID; needed if there are several.")
    private String diskName;

    @Option(names = "--to", required = true, paramLabel = "FILE", description = "Where to write it.")
    private Path target;

    @Option(names = "--format", description = "raw or vhdx. Default: vhdx if FILE ends so, otherwise raw.")
    private Format format;

    @Option(
            names = "--force",
            description = "Replace FILE if it exists; it is replaced only when the new one is complete.")
    private boolean force;

    @Option(
            names = "--in-place",
            description =
                    "FILE exists, raw or a device: write only the blocks that differ. Can be repeated if interrupted.")
    private boolean inPlace;

    @Option(names = "--new-id", description = "Give a VHDX a new disk GUID instead of the original one.")
    private boolean newId;

    @Option(
            names = "--vhdx-block-size",
            paramLabel = "SIZE",
            defaultValue = "32MiB",
            description = "Block size of a VHDX, 1MiB to 256MiB. Default: ${DEFAULT-VALUE}.")
    private Long vhdxBlockSize;

    @Option(
            names = "--allow-damaged",
            description =
                    "Write zeros for blocks that are damaged in the repository, and list them, instead of stopping.")
    private boolean allowDamaged;

    @Mixin
    private ThreadsOption threads;

    @Option(names = "--no-progress", description = "Do not show how far it is.")
    private boolean noProgress;

    @Override
    boolean tidiesUp() {
        return true;
    }

    @Override
    void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        Snapshot snapshot = SnapshotReference.resolve(reference, list(repository, output));
        DiskRecord disk = SnapshotReference.disk(snapshot, diskName);
        checkTarget();
        int workers = threads.count();
        long started = System.nanoTime();
        RestoreJob.Result result;
        DamageList damage = new DamageList(output);
        try (ReadSession session = ReadSession.open(repository, output::notice);
                DiskTarget opened = open(disk);
                Progress progress = Progress.start(output, disk.name(), disk.size(), !noProgress)) {
            RestoreListener listener = new RestoreListener() {
                @Override
                public void bytesDone(long bytes) {
                    progress.add(bytes);
                }

                @Override
                public void damaged(Range range, CorruptDataException why) {
                    damage.add(range, why);
                }
            };
            result = new RestoreJob(session, disk, workers, allowDamaged, listener, cancellation).run(opened);
            commit(opened);
        } catch (CorruptDataException e) {
            throw new CorruptDataException(
                    e.file(),
                    e.offset(),
                    e.expected(),
                    e.found() + "; the restore was stopped" + (inPlace ? "" : " and nothing was written")
                            + ": run 'varve fsck', or restore the rest with --allow-damaged");
        }
        damage.finish();
        report(output, snapshot, disk, result, System.nanoTime() - started);
    }

    private void checkTarget() throws UsageException {
        if (inPlace && (force || format == Format.VHDX || newId)) {
            throw new UsageException(
                    "--in-place writes into an existing raw file or device: no --force, VHDX or --new-id");
        }
        if (inPlace && !Files.exists(target)) {
            throw new UsageException(target + ": no such file; --in-place needs one");
        }
        if (!inPlace && Files.exists(target) && !Files.isRegularFile(target)) {
            throw new UsageException(target + " is not a regular file: a device is written with --in-place");
        }
        if (!inPlace && !force && Files.exists(target)) {
            throw new UsageException(target + " exists: choose another name, or --force to replace it, or --in-place");
        }
        Path directory = target.toAbsolutePath().getParent();
        if (!inPlace && (directory == null || !Files.isDirectory(directory))) {
            throw new UsageException(directory + ": no such directory");
        }
    }

    private Format format() {
        if (format != null) {
            return format;
        }
        return target.toString().toLowerCase(Locale.ROOT).endsWith(".vhdx") ? Format.VHDX : Format.RAW;
    }

    private DiskTarget open(DiskRecord disk) throws IOException {
        try {
            if (inPlace) {
                return ExistingRawDisk.open(target, disk.size());
            }
            if (format() == Format.RAW) {
                return RawTarget.create(target, disk.size(), force);
            }
            Optional<UUID> id = newId ? Optional.empty() : disk.guid();
            return VhdxTarget.create(
                    target,
                    new NewVhdx(
                            disk.size(),
                            Math.toIntExact(Math.min(Integer.MAX_VALUE, vhdxBlockSize)),
                            disk.logicalSectorSize(),
                            disk.physicalSectorSize(),
                            id),
                    force);
        } catch (TargetException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        } catch (IOException e) {
            throw new TargetException(message(e), e);
        }
    }

    private static void commit(DiskTarget opened) throws TargetException {
        try {
            opened.commit();
        } catch (TargetException e) {
            throw e;
        } catch (IOException e) {
            throw new TargetException(opened.location() + ": " + message(e), e);
        }
    }

    private void report(Output output, Snapshot snapshot, DiskRecord disk, RestoreJob.Result result, long nanos) {
        output.line(
                "restored disk %s of %s to %s: wrote %s of %s%s in %.1f s, %s",
                disk.name(),
                snapshot.id(),
                target,
                ByteSize.text(result.written()),
                ByteSize.text(disk.size()),
                inPlace ? ", " + ByteSize.text(result.unchanged()) + " were right already" : "",
                nanos / 1e9,
                ByteSize.rate(result.written(), nanos));
        if (output.isJson()) {
            output.document()
                    .put("snapshot", snapshot.id().text())
                    .put("disk", disk.name())
                    .put("target", target.toString())
                    .put("writtenBytes", result.written())
                    .put("unchangedBytes", result.unchanged())
                    .put("zeroBytes", result.zero())
                    .put("damagedBytes", result.damaged())
                    .put("seconds", nanos / 1e9);
        }
    }
}
