package io.varve.tools.command;

import io.varve.adapters.DiskImages;
import io.varve.adapters.SourceFormat;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.compare.DiskComparison;
import io.varve.engine.port.DiskImage;
import io.varve.engine.port.Disturbance;
import io.varve.engine.port.SourceException;
import io.varve.engine.range.Range;
import io.varve.engine.source.SourceCall;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.document.AgainstDocument;
import io.varve.tools.option.ParentOptions;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.option.SourceFormatConverter;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.Progress;
import io.varve.tools.output.RangeEntries;
import io.varve.tools.output.Subject;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fsck --against}: compares a disk that exists now with a snapshot of it. */
final class AgainstDisk {
    private static final int SHOWN = 20;

    @Option(
            names = "--against",
            paramLabel = "DISK",
            description = "Instead, compare a disk of a snapshot with this live or restored one, block by"
                    + " block. Exit code 1 if they differ.")
    private Path against;

    @Option(
            names = "--snapshot",
            paramLabel = "SNAPSHOT",
            description = "With --against: " + SnapshotReference.HELP + " Default: latest.")
    private String reference;

    @Option(
            names = "--disk",
            paramLabel = "DISK",
            description = "With --against: number, name or GUID of the disk in the snapshot. Required if there"
                    + " are several.")
    private String diskName;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            converter = SourceFormatConverter.class,
            description = "With --against: format of the disk: auto, raw, vhdx or vhd. Default: auto.")
    private SourceFormat format;

    @Mixin
    private ParentOptions parents;

    boolean isAsked() {
        return against != null;
    }

    /** @param others whether options for the check of the repository were also given */
    void check(boolean others) throws UsageException {
        if (against == null && (reference != null || diskName != null || format != null)) {
            throw new UsageException("--snapshot, --disk and --format need --against DISK");
        }
        if (against != null && others) {
            throw new UsageException("--against compares a disk and reads no packs: it cannot be"
                    + " combined with --read-data, --deep, --within or --since-last");
        }
    }

    void run(Repository repository, int threads, Output output, Cancellation cancellation) throws IOException {
        Snapshot snapshot = SnapshotReference.resolve(
                reference == null ? "latest" : reference, RepositoryOptions.list(repository, output));
        DiskRecord disk = SnapshotReference.disk(snapshot, diskName);
        SourceFormat opened = format == null ? SourceFormat.AUTO : format;
        try (DiskImage image = open(opened);
                ReadSession session = ReadSession.open(repository, output::notice)) {
            tellDisturbances(image, output);
            DiskComparison.Result result;
            try (Progress progress = Progress.start(
                    output, Subject.disk("comparing", snapshot.manifest().machine(), disk.name()), disk.size())) {
                result = new DiskComparison(session, disk, threads, cancellation, progress::add).run(image);
            }
            tellDisturbances(image, output);
            tell(snapshot, disk, image, result, output);
        }
    }

    private DiskImage open(SourceFormat opened) throws SourceException {
        return SourceCall.get("", () -> DiskImages.open(against, opened, Reader.AUTO, parents.search(Reader.AUTO)));
    }

    private static void tellDisturbances(DiskImage image, Output output) throws SourceException {
        for (Disturbance disturbance : SourceCall.require(image.location(), image::disturbances)) {
            output.notice(disturbance.what() + ": what is being written will differ");
        }
    }

    private static void tell(
            Snapshot snapshot, DiskRecord disk, DiskImage image, DiskComparison.Result result, Output output) {
        String what = "disk " + disk.name() + " of snapshot " + snapshot.id();
        if (image.size() < disk.size()) {
            output.line("%s has %d bytes, %s is shorter: %d", what, disk.size(), image.location(), image.size());
        } else if (image.size() > disk.size()) {
            output.notice(image.location() + " has " + image.size() + " bytes, " + what + " " + disk.size()
                    + ": the rest was not compared");
        }
        result.ranges().forEach(new Shown(output)::line);
        if (result.ranges().count() > SHOWN) {
            output.line(
                    "  … and %s (--json lists them)", Count.of(result.ranges().count() - SHOWN, "more range"));
        }
        output.line(
                "%s and %s: %s",
                what,
                image.location(),
                result.differing() == 0
                        ? "equal, " + ByteSize.text(result.read()) + " read; the rest is empty in both"
                        : ByteSize.text(result.differing()) + " differ, of " + ByteSize.text(disk.size()));
        long size = image.size();
        output.document(() -> new AgainstDocument(
                snapshot.id().text(),
                disk.name(),
                image.location(),
                disk.size(),
                size,
                result.read(),
                result.differing(),
                result.complete(),
                RangeEntries.of(result.ranges())));
        if (result.differing() > 0) {
            output.warning(
                    WarningCode.DIFFERS,
                    result.differing() + " bytes of " + image.location() + " are not what " + what + " holds");
        }
    }

    /** Keeps the first ranges, to be shown. */
    private static final class Shown {
        private final Output output;
        private int count;

        Shown(Output output) {
            this.output = output;
        }

        void line(Range range) {
            if (count++ < SHOWN) {
                output.line("  offset %d length %d", range.offset(), range.length());
            }
        }
    }
}
