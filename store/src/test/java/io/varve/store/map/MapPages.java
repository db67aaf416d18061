package io.varve.store.map;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Pages in memory under their ids, encoded as in a pack; counts what is stored and read. */
final class MapPages implements PageSink, PageSource {
    private final Map<ChunkId, byte[]> pages = new HashMap<>();
    private int stored;
    private int read;

    @Override
    public ChunkId store(MapPage page) {
        if (page.isZero()) {
            throw new IllegalArgumentException("a page of zeros is never stored");
        }
        ByteBuffer bytes = ByteBuffer.allocate(MapPage.SIZE);
        page.encode(bytes);
        ChunkId id = new ChunkHasher().id(bytes);
        pages.put(id, bytes.array());
        stored++;
        return id;
    }

    @Override
    public MapPage page(ChunkId id, int level) throws CorruptDataException {
        read++;
        byte[] bytes = pages.get(id);
        if (bytes == null) {
            throw new CorruptDataException("pages", -1, "page " + id.hex(), "none");
        }
        return MapPage.decode(ByteBuffer.wrap(bytes), id.hex(), level);
    }

    /** Pages stored since the last call. */
    int takeStored() {
        int count = stored;
        stored = 0;
        return count;
    }

    /** Pages read since the last call. */
    int takeRead() {
        int count = read;
        read = 0;
        return count;
    }

    /** The map that {@code base} becomes by {@code updates}: block number → id. */
    BlockMap update(BlockMap base, SortedMap<Long, ChunkId> updates) throws IOException {
        BlockMapWriter writer = new BlockMapWriter(base, this);
        MapPage leaf = null;
        long leafIndex = -1;
        for (Map.Entry<Long, ChunkId> update : updates.entrySet()) {
            long index = update.getKey() / MapShape.FAN_OUT;
            if (index != leafIndex) {
                put(writer, leafIndex, leaf);
                leafIndex = index;
                leaf = base.leaf(index).copy();
            }
            leaf.set((int) (update.getKey() % MapShape.FAN_OUT), update.getValue());
        }
        put(writer, leafIndex, leaf);
        return new BlockMap(base.shape(), writer.finish(), this);
    }

    private void put(BlockMapWriter writer, long index, MapPage leaf) throws IOException {
        if (leaf != null) {
            writer.leaf(index, leaf.isZero() ? ChunkId.ZERO : store(leaf));
        }
    }

    /** A map made from nothing, in one go. */
    BlockMap fromScratch(long blockCount, Map<Long, ChunkId> content) throws IOException {
        return update(BlockMap.zero(new MapShape(blockCount)), new TreeMap<>(content));
    }
}
