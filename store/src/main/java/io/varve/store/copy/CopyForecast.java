package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import io.varve.store.index.Place;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.pack.PackFormat;
import io.varve.store.session.ChunkLookup;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Adds up the chunks that a copy would transfer, without reading blocks. For one thread. Remembers a million chunks, so
 * that those that disks share count once: at most 160 MiB of heap.
 */
final class CopyForecast {
    private static final int IDS_KEPT = 1 << 20;

    private final ReadSession from;
    private final ChunkLookup there;
    private final SnapshotCopy.Listener listener;
    private final RecentIds counted = new RecentIds(IDS_KEPT);
    private final Map<String, BlockMap> before = new HashMap<>(); // by machine and disk
    private long chunks;
    private long bytes;

    /** Chunks, and the bytes that they take in packs of the source. */
    record Sum(long chunks, long bytes) {}

    /** @param there finds what the target has; nothing where its ids are others */
    CopyForecast(ReadSession from, ChunkLookup there, SnapshotCopy.Listener listener) {
        this.from = from;
        this.there = there;
        this.listener = listener;
    }

    Sum sum() {
        return new Sum(chunks, bytes);
    }

    /** Adds what {@code disk} needs besides its state in the snapshot added before, or else in {@code common}. */
    void add(String machine, DiskRecord disk, Optional<DiskCopy.Base> common) throws IOException {
        BlockMap map = from.map(disk);
        String key = machine + '\n' + disk.name();
        BlockMap last = before.get(key);
        BlockMap base = last != null && last.shape().equals(map.shape())
                ? last
                : common.map(DiskCopy.Base::source).orElseGet(() -> BlockMap.zero(map.shape()));
        page(map, base, map.shape().rootLevel(), 0, map.root(), base.root());
        before.put(key, map);
        listener.bytesDone(disk.size());
    }

    void add(Manifest.FileRecord file) throws IOException {
        for (ChunkId piece : file.pieces()) {
            count(piece);
        }
    }

    private void page(BlockMap map, BlockMap base, int level, long index, ChunkId id, ChunkId was) throws IOException {
        if (id.isZero() || id.equals(was) || !count(id)) {
            return;
        }
        listener.check();
        MapPage now = map.read(id, level, index);
        MapPage old = was.isZero() ? MapPage.zero(level) : base.read(was, level);
        for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
            if (level > 0) {
                page(map, base, level - 1, index * MapShape.FAN_OUT + entry, now.id(entry), old.id(entry));
            } else if (!now.id(entry).equals(old.id(entry))) {
                count(now.id(entry));
            }
        }
    }

    /** @return whether it was met for the first time */
    private boolean count(ChunkId id) throws IOException {
        if (id.isZero() || counted.get(id) != null) {
            return false;
        }
        counted.put(id, id);
        Place place = there.find(id) == null ? from.find(id) : null;
        if (place != null) {
            chunks++;
            bytes += PackFormat.FRAME_HEADER_SIZE + place.storedLength();
        }
        return true;
    }
}
