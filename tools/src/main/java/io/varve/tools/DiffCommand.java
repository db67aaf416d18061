package io.varve.tools;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.varve.engine.Cancellation;
import io.varve.engine.range.BlockGrid;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Repository;
import io.varve.store.map.BlockMapDiff;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import java.io.IOException;
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
        description = "Show in which ranges the disks of two snapshots differ.",
        footer = {"", "Compares block maps, not data: takes time for what differs, not for what is there."})
final class DiffCommand extends RepositoryOptions {
    @Parameters(index = "0", paramLabel = "A", description = SnapshotReference.HELP)
    private String before;

    @Parameters(index = "1", paramLabel = "B", description = "The one to compare it with.")
    private String after;

    @Option(names = "--disk", paramLabel = "DISK", description = "Only this disk: a number, name or GUID of B.")
    private String diskName;

    @Option(names = "--ranges", description = "Print every range, not only the sums.")
    private boolean printRanges;

    @Override
    void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        SnapshotCatalog.Listing listing = list(repository, output);
        Snapshot a = SnapshotReference.resolve(before, listing);
        Snapshot b = SnapshotReference.resolve(after, listing);
        ArrayNode json = output.isJson() ? output.document().putArray("disks") : null;
        try (ReadSession session = ReadSession.open(repository, output::notice)) {
            Set<DiskRecord> found = new HashSet<>();
            List<DiskRecord> disks =
                    diskName == null ? b.manifest().disks() : List.of(SnapshotReference.disk(b, diskName));
            for (DiskRecord disk : disks) {
                Optional<DiskRecord> other = SnapshotReference.sameDisk(disk, a);
                if (other.isEmpty()) {
                    onlyIn(b, disk, output, json);
                    continue;
                }
                found.add(other.get());
                RangeSet ranges = compare(session, other.get(), disk);
                output.line(
                        "disk %d %s: %s in %d ranges differ, of %s%s",
                        disk.number(),
                        disk.name(),
                        ByteSize.text(ranges.totalLength()),
                        ranges.count(),
                        ByteSize.text(disk.size()),
                        other.get().size() == disk.size()
                                ? ""
                                : " (the disk had " + ByteSize.text(other.get().size()) + " before)");
                if (printRanges) {
                    ranges.forEach(range -> output.line("  %d +%d", range.offset(), range.length()));
                }
                if (json != null) {
                    var entry = json.addObject()
                            .put("number", disk.number())
                            .put("name", disk.name())
                            .put("differingBytes", ranges.totalLength());
                    var list = entry.putArray("ranges");
                    ranges.forEach(range ->
                            list.addObject().put("offset", range.offset()).put("length", range.length()));
                }
            }
            for (DiskRecord disk : diskName == null ? a.manifest().disks() : List.<DiskRecord>of()) {
                if (!found.contains(disk)) {
                    onlyIn(a, disk, output, json);
                }
            }
        }
    }

    private static void onlyIn(Snapshot snapshot, DiskRecord disk, Output output, ArrayNode json) {
        output.line("disk %d %s: only in %s", disk.number(), disk.name(), snapshot.id());
        if (json != null) {
            json.addObject()
                    .put("number", disk.number())
                    .put("name", disk.name())
                    .put("onlyIn", snapshot.id().text());
        }
    }

    private static RangeSet compare(ReadSession session, DiskRecord before, DiskRecord after) throws IOException {
        BlockGrid grid = new BlockGrid(Math.max(before.size(), after.size()), after.blockSize());
        RangeSet.Builder ranges = new RangeSet.Builder();
        BlockMapDiff.compare(session.map(before), session.map(after), (block, a, b) -> {
            Range range = Range.between(grid.offset(block), grid.offset(block) + grid.length(block));
            ranges.add(range.offset(), range.endOffset());
        });
        return ranges.build();
    }
}
