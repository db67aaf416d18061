package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.map.DifferingRuns;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.tools.document.DiffDocument;
import io.varve.tools.document.DiskDifferenceEntry;
import io.varve.tools.document.Prints;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.RangeEntries;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Show the ranges in which the disks of two snapshots differ.",
        footer = {"", "Compares block maps, not data: the time it takes depends on how much differs."})
@Prints(DiffDocument.class)
public final class DiffCommand extends RepositoryOptions {
    private static final long MOST_RANGES = 1 << 20;

    @Parameters(index = "0", paramLabel = "A", description = SnapshotReference.HELP)
    private String before;

    @Parameters(index = "1", paramLabel = "B", description = "The snapshot to compare with A.")
    private String after;

    @Option(names = "--disk", paramLabel = "DISK", description = "Only this disk: number, name or GUID in B.")
    private String diskName;

    @Option(names = "--ranges", description = "Print every range, not only totals.")
    private boolean printRanges;

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        SnapshotCatalog.Listing listing = list(repository, output);
        Snapshot a = SnapshotReference.resolve(before, listing);
        Snapshot b = SnapshotReference.resolve(after, listing);
        List<DiskDifferenceEntry> differences = new ArrayList<>();
        output.document(() -> new DiffDocument(differences));
        try (ReadSession session = ReadSession.open(repository, output::notice)) {
            Set<DiskRecord> found = new HashSet<>();
            List<DiskRecord> disks =
                    diskName == null ? b.manifest().disks() : List.of(SnapshotReference.disk(b, diskName));
            for (DiskRecord disk : disks) {
                Optional<DiskRecord> other = SnapshotReference.sameDisk(disk, a);
                if (other.isEmpty()) {
                    onlyIn(b, disk, output, differences);
                    continue;
                }
                found.add(other.get());
                Difference difference = compare(session, other.get(), disk);
                if (difference.list.isEmpty() && (printRanges || output.isJson())) {
                    output.warning(
                            WarningCode.TOO_MANY,
                            "disk " + disk.number() + " " + disk.name() + ": " + Count.of(difference.ranges, "range")
                                    + ", more than the " + MOST_RANGES + " that can be listed; none is listed");
                }
                output.line(
                        "disk %d %s: %s in %s differ, of %s%s",
                        disk.number(),
                        disk.name(),
                        ByteSize.text(difference.bytes),
                        Count.of(difference.ranges, "range"),
                        ByteSize.text(disk.size()),
                        other.get().size() == disk.size()
                                ? ""
                                : " (the disk had " + ByteSize.text(other.get().size()) + " before)");
                if (printRanges && difference.list.isPresent()) {
                    difference.list.get().forEach(range -> output.line("  %d +%d", range.offset(), range.length()));
                }
                if (output.isJson()) {
                    differences.add(new DiskDifferenceEntry(
                            disk.number(),
                            disk.name(),
                            Optional.of(difference.bytes),
                            Optional.of(difference.ranges),
                            difference.list.map(RangeEntries::of), // an incomplete list could be mistaken for the whole
                            Optional.empty()));
                }
            }
            for (DiskRecord disk : diskName == null ? a.manifest().disks() : List.<DiskRecord>of()) {
                if (!found.contains(disk)) {
                    onlyIn(a, disk, output, differences);
                }
            }
        }
    }

    private static void onlyIn(
            Snapshot snapshot, DiskRecord disk, Output output, List<DiskDifferenceEntry> differences) {
        output.line("disk %d %s: only in %s", disk.number(), disk.name(), snapshot.id());
        differences.add(new DiskDifferenceEntry(
                disk.number(),
                disk.name(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(snapshot.id().text())));
    }

    /**
     * The differences of one disk.
     *
     * @param list the ranges; empty if there are too many for memory
     */
    private record Difference(long bytes, long ranges, Optional<RangeSet> list) {}

    private static Difference compare(ReadSession session, DiskRecord before, DiskRecord after) throws IOException {
        DifferingRuns runs = new DifferingRuns(session.map(before), session.map(after));
        if (runs.runs() > MOST_RANGES) {
            long bytes = Math.min(runs.blocks() * after.blockSize(), Math.max(before.size(), after.size()));
            return new Difference(bytes, runs.runs(), Optional.empty());
        }
        BlockGrid grid = new BlockGrid(Math.max(before.size(), after.size()), after.blockSize());
        RangeSet.Builder ranges = new RangeSet.Builder();
        runs.forEach((first, blocks) -> {
            long last = first + blocks - 1;
            ranges.add(grid.offset(first), grid.offset(last) + grid.length(last));
        });
        RangeSet list = ranges.build();
        return new Difference(list.totalLength(), list.count(), Optional.of(list));
    }
}
