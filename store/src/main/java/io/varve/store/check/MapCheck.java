package io.varve.store.check;

import io.varve.store.CorruptDataException;
import io.varve.store.Repository;
import io.varve.store.check.FsckReport.DamagedRange;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.session.PageReader;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Walks block maps. A page that was found sound with everything below it is not read again, however many snapshots
 * share it. Not thread-safe. About 100 bytes of heap per distinct sound page.
 */
final class MapCheck {
    private static final int MAX_RANGES = 1000;

    private final ChunkTable table;
    private final PageReader pages;
    private final Consumer<Finding> findings;
    private final Set<ChunkId> sound = new HashSet<>();
    private final Set<ChunkId> reported = new HashSet<>();
    private long pagesRead;

    MapCheck(Repository repository, ChunkTable table, Consumer<Finding> findings) {
        this.table = table;
        this.pages = new PageReader(repository, table);
        this.findings = findings;
    }

    long pagesRead() {
        return pagesRead;
    }

    /**
     * What of a disk cannot be had.
     *
     * @param ranges of the virtual disk, the first thousand
     * @param bytes of all of them
     */
    record Damage(List<DamagedRange> ranges, long bytes) {}

    Damage check(DiskRecord disk) throws IOException {
        Walk walk = new Walk(disk);
        if (!disk.mapRoot().isZero()) {
            walk.page(disk.mapRoot(), walk.shape.rootLevel(), 0);
        }
        return new Damage(walk.ranges, walk.damagedBytes);
    }

    private final class Walk {
        private final DiskRecord disk;
        private final MapShape shape;
        private final List<DamagedRange> ranges = new ArrayList<>();
        private long damagedBytes;

        Walk(DiskRecord disk) {
            this.disk = disk;
            this.shape = MapShape.of(disk.size(), disk.blockSize());
        }

        /** @return whether the page and everything below it is sound */
        boolean page(ChunkId id, int level, long index) throws IOException {
            if (sound.contains(id)) {
                return true;
            }
            MapPage page = read(id, level, index);
            if (page == null) {
                return false;
            }
            boolean allSound = true;
            for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                ChunkId child = page.id(entry);
                if (child.isZero()) {
                    continue;
                }
                long childIndex = index * MapShape.FAN_OUT + entry;
                boolean childSound = level == 0 ? block(child, childIndex) : page(child, level - 1, childIndex);
                allSound &= childSound;
            }
            if (allSound) {
                sound.add(id);
            }
            return allSound;
        }

        private MapPage read(ChunkId id, int level, long index) throws IOException {
            try {
                table.use(id);
                pagesRead++;
                return pages.page(id, level);
            } catch (CorruptDataException e) {
                if (reported.add(id)) {
                    findings.accept(new Finding(
                            Finding.Severity.ERROR,
                            "map-page",
                            e.file(),
                            e.offset(),
                            "map page " + id.hex() + " of disk " + disk.name() + ": " + e.getMessage()));
                }
                long blocks = 1;
                for (int i = 0; i <= level; i++) {
                    blocks *= MapShape.FAN_OUT;
                }
                damaged(index * blocks, blocks);
                return null;
            }
        }

        private boolean block(ChunkId id, long number) {
            if (number < shape.blockCount() && table.use(id)) {
                return true;
            }
            if (reported.add(id)) {
                findings.accept(new Finding(
                        Finding.Severity.ERROR,
                        "chunk-missing",
                        "packs",
                        -1,
                        "block " + number + " of disk " + disk.name() + ": expected chunk " + id.hex()
                                + " in some pack, found it sound in none"));
            }
            damaged(number, 1);
            return false;
        }

        private void damaged(long firstBlock, long count) {
            long offset = firstBlock * disk.blockSize();
            long length = Math.min(count * disk.blockSize(), disk.size() - offset);
            if (length <= 0) {
                return;
            }
            damagedBytes += length;
            int last = ranges.size() - 1;
            if (last >= 0 && ranges.get(last).offset() + ranges.get(last).length() == offset) {
                DamagedRange before = ranges.remove(last);
                ranges.add(new DamagedRange(before.offset(), before.length() + length));
            } else if (ranges.size() < MAX_RANGES) {
                ranges.add(new DamagedRange(offset, length));
            }
        }
    }
}
