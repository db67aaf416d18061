package io.varve.tools.command;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.fault.Count;
import io.varve.store.pack.FrameHeader;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackListing;
import io.varve.store.pack.PackReader;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.tools.document.GrowthEntry;
import io.varve.tools.document.Prints;
import io.varve.tools.document.SharesEntry;
import io.varve.tools.document.StatsDocument;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description = "Show what the repository holds, how much space it saves, and how it grows.",
        footer = {"", "  varve stats --shares     what forgetting a machine or a snapshot would free"})
@Prints(StatsDocument.class)
public final class StatsCommand extends RepositoryOptions {
    @Option(
            names = "--days",
            paramLabel = "N",
            defaultValue = "14",
            description = "Show what was added on each of the last N days with snapshots. Default: ${DEFAULT-VALUE}.")
    private int days;

    @Option(
            names = "--shares",
            description = "Also show what each machine and each snapshot alone needs, which is what forgetting it"
                    + " would free. Reads all block maps.")
    private boolean shares;

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        SnapshotCatalog.Listing listing = list(repository, output);
        long logical = 0;
        long changed = 0;
        TreeSet<String> machines = new TreeSet<>();
        for (Snapshot snapshot : listing.snapshots()) {
            machines.add(snapshot.manifest().machine());
            for (DiskRecord disk : snapshot.manifest().disks()) {
                logical += disk.size();
                changed += disk.counters().changed();
            }
        }
        Packs packs = packs(repository, output);
        long indexSize = size(repository, "index");
        output.line("repository   %s, %s", repository.config().repositoryId(), repository.location());
        output.line("block size   %s", ByteSize.text(repository.config().blockSize()));
        output.line("snapshots    %d of %s", listing.snapshots().size(), Count.of(machines.size(), "machine"));
        output.line("disks        %s in all snapshots, %s changed", ByteSize.text(logical), ByteSize.text(changed));
        output.line(
                "blocks       %d, %s, stored in %s%s",
                packs.blocks,
                ByteSize.text(packs.blockRaw),
                ByteSize.text(packs.blockStored),
                ratio(packs.blockRaw, packs.blockStored));
        output.line("map pages    %d, stored in %s", packs.pages, ByteSize.text(packs.pageStored));
        output.line("packs        %d, %s", packs.count, ByteSize.text(packs.size));
        output.line("index        %s (a cache)", ByteSize.text(indexSize));
        if (days < 0) {
            throw new UsageException("--days: expected 0 or more, found " + days);
        }
        List<GrowthEntry> growth = Growth.of(listing.snapshots(), days);
        Growth.print(growth, output);
        Optional<SharesEntry> shared = shares
                ? Optional.of(new Shares(repository, listing.snapshots(), cancellation, output).print())
                : Optional.empty();
        StatsDocument document = new StatsDocument(
                repository.config().repositoryId(),
                repository.location().toString(),
                repository.config().blockSize(),
                listing.snapshots().size(),
                machines.size(),
                logical,
                changed,
                packs.blocks,
                packs.blockRaw,
                packs.blockStored,
                packs.pages,
                packs.pageStored,
                packs.count,
                packs.size,
                indexSize,
                growth,
                shared);
        output.document(() -> document);
    }

    private static String ratio(long raw, long stored) {
        return stored == 0 ? "" : String.format(Locale.ROOT, " (compression %.2fx)", (double) raw / stored);
    }

    private static long size(Repository repository, String directory) throws IOException {
        long[] sum = new long[1];
        repository.backend().list(directory, (name, size) -> sum[0] += size);
        return sum[0];
    }

    private static final class Packs {
        private int count;
        private long size;
        private long blocks;
        private long blockRaw;
        private long blockStored;
        private long pages;
        private long pageStored;
    }

    private static Packs packs(Repository repository, Output output) throws IOException {
        Packs sum = new Packs();
        for (ChunkId pack : List.copyOf(PackListing.all(repository.backend()))) {
            sum.count++;
            sum.size += repository.backend().size(PackFormat.objectName(pack));
            try {
                add(PackReader.footer(repository.backend(), pack), sum);
            } catch (io.varve.store.fault.CorruptDataException e) {
                output.warning(WarningCode.DAMAGE, e.getMessage());
            }
        }
        return sum;
    }

    private static void add(PackFooter footer, Packs sum) throws IOException {
        for (int frame = 0; frame < footer.frameCount(); frame++) {
            FrameHeader header = footer.header(frame);
            if (header.kind() == ChunkKind.MAP_PAGE) {
                sum.pages++;
                sum.pageStored += header.storedLength();
            } else {
                sum.blocks++;
                sum.blockRaw += header.rawLength();
                sum.blockStored += header.storedLength();
            }
        }
    }
}
