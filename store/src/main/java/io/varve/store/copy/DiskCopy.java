package io.varve.store.copy;

import io.varve.store.CorruptDataException;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.copy.ChunkStream.Request;
import io.varve.store.map.BlockMap;
import io.varve.store.map.BlockMapDiff;
import io.varve.store.map.BlockMapWriter;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies one disk like an incremental backup: walks the leaves in which the source's map differs from that of a state
 * which the target has already, and puts what became of them into the target's map of that state. For one thread.
 */
final class DiskCopy {
    private final ChunkStream chunks;
    private final RecentIds leaves;
    private final SnapshotCopy.Listener listener;

    DiskCopy(ChunkStream chunks, RecentIds leaves, SnapshotCopy.Listener listener) {
        this.chunks = chunks;
        this.leaves = leaves;
        this.listener = listener;
    }

    /**
     * A state of the disk that both repositories have, as it is mapped in each.
     *
     * @param source in the source's ids
     * @param target the same content in the target's, complete there
     */
    record Base(BlockMap source, BlockMap target) {
        /** A disk of zeros, which every repository has. */
        static Base none(MapShape shape) {
            return new Base(BlockMap.zero(shape), BlockMap.zero(shape));
        }
    }

    /**
     * @param map of {@code disk} in the source
     * @return root of its map in the target
     */
    ChunkId copy(BlockMap map, DiskRecord disk, Base base) throws IOException {
        BlockMapWriter made = new BlockMapWriter(base.target, chunks::store);
        long leafBytes = (long) MapShape.FAN_OUT * disk.blockSize();
        long reported = 0;
        long next = 0;
        while (next < map.shape().leafCount()) {
            long leaf = BlockMapDiff.nextLeaf(base.source, map, next);
            if (leaf < 0) {
                break;
            }
            listener.check();
            made.leaf(leaf, leaf(map, disk, base, leaf));
            next = leaf + 1;
            long done = Math.min(disk.size(), next * leafBytes);
            listener.bytesDone(done - reported);
            reported = done;
        }
        listener.bytesDone(disk.size() - reported);
        return made.finish();
    }

    private ChunkId leaf(BlockMap map, DiskRecord disk, Base base, long index) throws IOException {
        ChunkId id = map.pageId(0, index);
        ChunkId known = id.isZero() ? id : leaves.get(id);
        if (known != null) {
            return known;
        }
        MapPage now = map.leaf(index);
        MapPage before = base.source.leaf(index);
        MapPage there = base.target.leaf(index);
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
            ChunkId present = chunks.present(block);
            if (present != null) {
                made.set(entry, present);
                continue;
            }
            List<Integer> entries = missing.computeIfAbsent(block, unused -> new ArrayList<>());
            if (entries.isEmpty()) {
                wanted.add(new Request(block, length(disk, index, entry)));
            }
            entries.add(entry);
        }
        chunks.send(ChunkKind.BLOCK, wanted, (source, target) -> {
            for (int entry : missing.get(source)) {
                made.set(entry, target);
            }
        });
        ChunkId stored = made.isZero() ? ChunkId.ZERO : chunks.store(made);
        leaves.put(id, stored);
        return stored;
    }

    private static int length(DiskRecord disk, long leaf, int entry) throws CorruptDataException {
        long offset = (leaf * MapShape.FAN_OUT + entry) * disk.blockSize();
        if (offset >= disk.size()) {
            throw new CorruptDataException(
                    "block map of disk " + disk.name(),
                    -1,
                    "no blocks behind the disk's end",
                    "one at offset " + offset + " of " + disk.size());
        }
        return (int) Math.min(disk.blockSize(), disk.size() - offset);
    }
}
