package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.MapWalk;
import io.varve.store.map.MapWalk.Leaf;
import io.varve.store.map.PageSet;
import io.varve.store.session.PageReader;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;

/**
 * One pass over everything that snapshots need: finds what, within the table's slice, is in no pack. One thread walks
 * the upper pages; all workers read leaves, up to 256 neighbours at once, in the order of the packs. Holds 7 MiB of
 * direct memory per worker.
 */
final class ReferenceCheck {
    private final ChunkTable table;
    private final OddLengths lengths;
    private final PageReader inner;
    private final ReadRate rate;
    private final Missing missing;
    private final Consumer<Finding> findings;
    private final Workers workers;
    private final BlockingQueue<LeafReader> readers;
    private final MapWalk walk = new MapWalk(new PageSet());

    ReferenceCheck(
            Repository repository,
            PackFacts facts,
            ReadRate rate,
            Missing missing,
            Workers workers,
            Consumer<Finding> findings) {
        this.table = facts.table();
        this.lengths = facts.lengths();
        this.inner = new PageReader(repository, facts.places());
        this.rate = rate;
        this.missing = missing;
        this.findings = findings;
        this.workers = workers;
        this.readers = new ArrayBlockingQueue<>(workers.threads());
        for (int i = 0; i < workers.threads(); i++) {
            readers.add(new LeafReader(repository, facts.places()));
        }
    }

    /** Begins to check a snapshot; {@link Workers#await} ends it. */
    void check(Snapshot snapshot) throws IOException {
        for (DiskRecord disk : snapshot.manifest().disks()) {
            MapShape shape = MapShape.of(disk.size(), disk.blockSize());
            walk.walk(
                    snapshot.manifest().machine() + '/' + disk.number(),
                    disk.mapRoot(),
                    shape,
                    new DiskVisitor(disk, shape));
        }
        for (FileRecord file : snapshot.manifest().files()) {
            check(file, snapshot);
        }
    }

    /** Reports every file with missing pieces. Disks are reported by {@link AffectedDisks} from their maps. */
    private void check(FileRecord file, Snapshot snapshot) {
        ChunkId lost = null;
        for (ChunkId piece : file.pieces()) {
            // Each piece is noted, since a disk may share it.
            if (isAbsent(piece) && (missing.add(piece) || lost == null)) {
                lost = lost == null ? piece : lost;
            }
        }
        if (lost != null) {
            report(
                    "chunk-missing",
                    "packs",
                    -1,
                    "configuration file " + file.name() + " of " + snapshot.id() + ": no chunk " + lost.hex());
        }
    }

    /** Map pages read, of the whole pass. */
    long pages() {
        return walk.pages();
    }

    /** Whether this pass found no copy of the chunk. */
    private boolean isAbsent(ChunkId id) {
        return !id.isZero() && table.covers(id) && table.use(id) == ChunkTable.State.ABSENT;
    }

    private void report(String code, String file, long offset, String message) {
        findings.accept(new Finding(Finding.Severity.ERROR, code, file, offset, message));
    }

    private final class DiskVisitor implements MapWalk.Visitor {
        private final DiskRecord disk;
        private final MapShape shape;

        DiskVisitor(DiskRecord disk, MapShape shape) {
            this.disk = disk;
            this.shape = shape;
        }

        @Override
        public MapPage inner(ChunkId id, int level, long index) throws IOException {
            try {
                use(id);
                rate.take(MapPage.SIZE);
                MapPage page = inner.page(id, level);
                return isForThisDisk(id, page, index) ? page : null;
            } catch (CorruptDataException e) {
                unreadable(id, e);
                return null;
            }
        }

        @Override
        public MapPage again(ChunkId id, int level) throws IOException {
            try {
                return inner.page(id, level);
            } catch (CorruptDataException e) {
                return null;
            }
        }

        @Override
        public void leaves(List<Leaf> leaves) throws IOException {
            workers.submit(() -> {
                rate.take((long) leaves.size() * MapPage.SIZE);
                LeafReader reader = readers.remove();
                try {
                    reader.read(leaves, this::leaf, (leaf, why) -> unreadable(leaf.id(), why));
                } finally {
                    readers.add(reader);
                }
            });
        }

        private void use(ChunkId id) {
            if (table.covers(id)) {
                table.use(id); // whether it is there shows when it is read
            }
        }

        private void unreadable(ChunkId id, CorruptDataException why) {
            if (missing.add(id)) {
                report(
                        "map-page",
                        why.file(),
                        why.offset(),
                        "map page " + id.hex() + " of disk " + disk.name() + ": " + why.getMessage());
            }
        }

        /** Whether the page names no block past the disk's end. A page that does may be valid for a larger disk. */
        private boolean isForThisDisk(ChunkId id, MapPage page, long index) {
            try {
                shape.check(page, index, "map page " + id.hex());
                return true;
            } catch (CorruptDataException e) {
                if (missing.addMisplaced(id, shape.blockCount())) {
                    report("map-page", e.file(), e.offset(), e.getMessage() + " of disk " + disk.name());
                }
                return false;
            }
        }

        private void leaf(Leaf leaf, MapPage page) throws IOException {
            use(leaf.id());
            if (!isForThisDisk(leaf.id(), page, leaf.index())) {
                return;
            }
            for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                ChunkId id = page.id(entry);
                if (!id.isZero() && table.covers(id)) {
                    block(id, leaf.index() * MapShape.FAN_OUT + entry);
                }
            }
        }

        private void block(ChunkId id, long number) throws IOException {
            int expected = shape.blockLength(number);
            ChunkTable.State state = table.use(id);
            if (state == ChunkTable.State.ABSENT) {
                if (missing.add(id)) {
                    report(
                            "chunk-missing",
                            "packs",
                            -1,
                            "block " + number + " of disk " + disk.name() + ": expected chunk " + id.hex()
                                    + " in some pack, found no intact copy");
                }
                return;
            }
            boolean whole = state == ChunkTable.State.WHOLE;
            if (whole && expected == shape.blockSize()) {
                return;
            }
            int found = whole ? shape.blockSize() : lengths.length(id);
            if (found != expected && missing.addMisplaced(id, expected)) {
                report(
                        "chunk-length",
                        "packs",
                        -1,
                        "block " + number + " of disk " + disk.name() + ": expected a chunk of " + expected
                                + " bytes, found " + id.hex() + " of " + found);
            }
        }
    }
}
