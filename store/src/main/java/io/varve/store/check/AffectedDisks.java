package io.varve.store.check;

import io.varve.store.Repository;
import io.varve.store.check.FsckReport.AffectedDisk;
import io.varve.store.check.FsckReport.DamagedRange;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.map.PageSet;
import io.varve.store.session.PageReader;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the snapshots and disks that missing chunks affect. Walks maps from the root; a page without missing chunks
 * below it is not read again, as far as memory allows. For one thread. Used only after damage.
 */
final class AffectedDisks {
    private static final int MAX_RANGES = 1000;

    private final Missing missing;
    private final PageReader pages;
    private final PageSet sound = new PageSet();

    AffectedDisks(Repository repository, PagePlaces places, Missing missing) {
        this.missing = missing;
        this.pages = new PageReader(repository, places);
    }

    /** The lost ranges of a disk, if any. */
    Optional<AffectedDisk> check(Snapshot snapshot, DiskRecord disk) throws IOException {
        Walk walk = new Walk(disk);
        if (!disk.mapRoot().isZero()) {
            walk.page(disk.mapRoot(), walk.shape.rootLevel(), 0);
        }
        return walk.damagedBytes == 0
                ? Optional.empty()
                : Optional.of(new AffectedDisk(
                        snapshot.id(),
                        snapshot.manifest().machine(),
                        disk.number(),
                        disk.name(),
                        walk.ranges,
                        walk.rangesLeftOut,
                        walk.damagedBytes));
    }

    private final class Walk {
        private final DiskRecord disk;
        private final MapShape shape;
        private final List<DamagedRange> ranges = new ArrayList<>();
        private long rangesLeftOut;
        private long leftOutEnd; // of the last of them
        private long damagedBytes;

        Walk(DiskRecord disk) {
            this.disk = disk;
            this.shape = MapShape.of(disk.size(), disk.blockSize());
        }

        /** @return whether everything below it is intact */
        boolean page(ChunkId id, int level, long index) throws IOException {
            boolean ends = shape.endsIn(level, index); // sound or not by the disk's size
            if (!ends && sound.contains(id)) {
                return true;
            }
            MapPage page = read(id, level, index);
            boolean allSound = page != null;
            for (int entry = 0; page != null && entry < MapShape.FAN_OUT; entry++) {
                ChunkId child = page.id(entry);
                if (!child.isZero()) {
                    long childIndex = index * MapShape.FAN_OUT + entry;
                    allSound &= level == 0 ? block(child, childIndex) : page(child, level - 1, childIndex);
                }
            }
            if (allSound && !ends) {
                sound.add(id);
            }
            return allSound;
        }

        private MapPage read(ChunkId id, int level, long index) throws IOException {
            try {
                if (!missing.contains(id)) {
                    MapPage page = pages.page(id, level);
                    shape.check(page, index, id.hex());
                    return page;
                }
            } catch (CorruptDataException e) {
                // Found before, but there was no room to record it.
            }
            long blocks = 1;
            for (int i = 0; i <= level; i++) {
                blocks *= MapShape.FAN_OUT;
            }
            damaged(index * blocks, blocks);
            return null;
        }

        private boolean block(ChunkId id, long number) {
            if (missing.contains(id, shape.blockLength(number))) {
                damaged(number, 1);
                return false;
            }
            return true;
        }

        private void damaged(long firstBlock, long count) {
            long offset = firstBlock * disk.blockSize();
            long length = Math.min(count * disk.blockSize(), disk.size() - offset);
            if (length <= 0) {
                return;
            }
            damagedBytes += length;
            int last = ranges.size() - 1;
            if (last >= 0
                    && rangesLeftOut == 0
                    && ranges.get(last).offset() + ranges.get(last).length() == offset) {
                DamagedRange before = ranges.remove(last);
                ranges.add(new DamagedRange(before.offset(), before.length() + length));
            } else if (ranges.size() < MAX_RANGES) {
                ranges.add(new DamagedRange(offset, length));
            } else {
                rangesLeftOut += offset == leftOutEnd ? 0 : 1;
                leftOutEnd = offset + length;
            }
        }
    }
}
