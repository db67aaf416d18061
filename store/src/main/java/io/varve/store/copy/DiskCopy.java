package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.copy.ChunkStream.Request;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies one disk like an incremental backup. Starting from a state that the target already has, it walks the leaves in
 * which the source's map differs from that state, copies their blocks, and puts the new leaves into the target's map.
 * For one thread.
 */
final class DiskCopy {
    private final ChunkStream chunks;
    private final RecentIds leaves;
    private final RecentIds inner;
    private final SnapshotCopy.Listener listener;
    private final Map<ChunkId, Integer> shortBlocks = new HashMap<>(); // at most one per disk
    private long reported;

    /** @param leaves remembers copied leaves; {@code inner} remembers pages above them */
    DiskCopy(ChunkStream chunks, RecentIds leaves, RecentIds inner, SnapshotCopy.Listener listener) {
        this.chunks = chunks;
        this.leaves = leaves;
        this.inner = inner;
        this.listener = listener;
    }

    /**
     * The map of a state of the disk that both repositories have, in each of them.
     *
     * @param source the map with the source's ids
     * @param target the map of the same content with the target's ids; complete in the target
     */
    record Base(BlockMap source, BlockMap target) {
        /** Returns a disk of zeros, which needs no chunks and so exists in every repository. */
        static Base none(MapShape shape) {
            return new Base(BlockMap.zero(shape), BlockMap.zero(shape));
        }
    }

    /**
     * Copies a disk. A page that occurs in many places is copied once, so the time depends on the number of distinct
     * pages and not on the size in the manifest, which an attacker could choose.
     *
     * @param map map of {@code disk} in the source
     * @return root id of its map in the target
     */
    ChunkId copy(BlockMap map, DiskRecord disk, Base base) throws IOException {
        reported = 0;
        Walk walk = new Walk(map, disk, base);
        ChunkId root = walk.page(map.shape().rootLevel(), 0, map.root(), base.source.root(), base.target.root());
        listener.bytesDone(disk.size() - reported);
        return root;
    }

    private final class Walk {
        private final BlockMap map;
        private final DiskRecord disk;
        private final Base base;

        Walk(BlockMap map, DiskRecord disk, Base base) {
            this.map = map;
            this.disk = disk;
            this.base = base;
        }

        /**
         * @param id id of a page of the source
         * @param before id of the page at the same place in the source's map of the base
         * @param there id of the page at the same place in the target's map of the base
         * @return id of the page with the same content in the target
         */
        ChunkId page(int level, long index, ChunkId id, ChunkId before, ChunkId there) throws IOException {
            ChunkId made;
            if (id.isZero() || id.equals(before)) {
                made = id.isZero() ? ChunkId.ZERO : there;
            } else {
                boolean ends = map.shape().endsIn(level, index);
                RecentIds met = level == 0 ? leaves : inner;
                made = ends ? null : met.get(id);
                if (made == null) {
                    listener.check();
                    MapPage now = map.read(id, level, index);
                    MapPage was = before.isZero() ? MapPage.zero(level) : base.source.read(before, level);
                    MapPage target = there.isZero() ? MapPage.zero(level) : base.target.read(there, level);
                    MapPage page =
                            level == 0 ? leaf(map, index, now, was, target) : inner(level, index, now, was, target);
                    made = page.isZero() ? ChunkId.ZERO : chunks.store(page);
                    if (!ends) {
                        met.put(id, made);
                    }
                }
            }
            report(level, index);
            return made;
        }

        private MapPage inner(int level, long index, MapPage now, MapPage was, MapPage target) throws IOException {
            MapPage page = MapPage.zero(level);
            for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
                long below = index * MapShape.FAN_OUT + entry;
                page.set(entry, page(level - 1, below, now.id(entry), was.id(entry), target.id(entry)));
            }
            return page;
        }

        /** Reports that everything below a page is done. */
        private void report(int level, long index) {
            double end = (index + 1.0) * MapShape.blocksBelow(level) * disk.blockSize();
            long done = end >= disk.size() ? disk.size() : (long) end;
            if (done > reported) {
                listener.bytesDone(done - reported);
                reported = done;
            }
        }
    }

    /** A chunk that was copied as the short last block of a disk cannot be a full block elsewhere. */
    private void checkShort(ChunkId block, int length) throws CorruptDataException {
        Integer other = shortBlocks.get(block);
        if (other != null && other != length) {
            throw new CorruptDataException(
                    "packs", -1, "chunk " + block.hex() + " of " + length + " bytes", other + " bytes");
        }
    }

    private MapPage leaf(BlockMap map, long index, MapPage now, MapPage before, MapPage there) throws IOException {
        MapPage made = MapPage.zero(0);
        Map<ChunkId, List<Integer>> missing = new HashMap<>();
        List<Request> wanted = new ArrayList<>();
        for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
            ChunkId block = now.id(entry);
            if (block.isZero()) {
                continue;
            }
            if (before.is(entry, block) && !there.id(entry).isZero()) {
                made.set(entry, there.id(entry));
                continue;
            }
            long number = index * MapShape.FAN_OUT + entry;
            int length = map.shape().blockLength(number);
            checkShort(block, length);
            ChunkId present = chunks.present(block);
            if (present != null) {
                chunks.checkLength(block, length);
                made.set(entry, present);
                continue;
            }
            if (length != map.shape().blockSize()) {
                shortBlocks.put(block, length);
            }
            List<Integer> entries = missing.computeIfAbsent(block, unused -> new ArrayList<>());
            if (entries.isEmpty()) {
                wanted.add(new Request(block, length));
            }
            entries.add(entry);
        }
        chunks.send(ChunkKind.BLOCK, wanted, (source, target) -> {
            listener.check(); // a leaf may be a gigabyte
            for (int entry : missing.get(source)) {
                made.set(entry, target);
            }
        });
        return made;
    }
}
