package io.varve.store.map;

import static io.varve.store.map.MapShape.FAN_OUT_BITS;

import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The block map of one disk at one time, read page by page. Thread-safe; keeps up to 32 pages (256 KiB) in memory. */
public final class BlockMap {
    private static final int CACHED_PAGES = 32;

    private final MapShape shape;
    private final ChunkId root;
    private final PageSource pages;
    private final Map<ChunkId, MapPage> cache = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ChunkId, MapPage> eldest) {
            return size() > CACHED_PAGES;
        }
    };

    public BlockMap(MapShape shape, ChunkId root, PageSource pages) {
        this.shape = shape;
        this.root = root;
        this.pages = pages;
    }

    /** Returns a map of a disk that is all zeros. */
    public static BlockMap zero(MapShape shape) {
        return new BlockMap(shape, ChunkId.ZERO, (id, level) -> {
            throw new IllegalStateException("a map of zeros has no pages");
        });
    }

    public MapShape shape() {
        return shape;
    }

    public ChunkId root() {
        return root;
    }

    /** Returns the id of page {@code index} of {@code level}; {@code ZERO} if everything below it is zeros. */
    public ChunkId pageId(int level, long index) throws IOException {
        ChunkId id = root;
        for (int at = shape.rootLevel(); at > level && !id.isZero(); at--) {
            int entry = (int) (index >>> (FAN_OUT_BITS * (at - level - 1))) & (MapShape.FAN_OUT - 1);
            long page = index >>> (FAN_OUT_BITS * (at - level));
            id = read(id, at, page).id(entry);
        }
        return id;
    }

    /** Returns page {@code index} of {@code level}. The page is shared and must not be changed. */
    public MapPage page(int level, long index) throws IOException {
        ChunkId id = pageId(level, index);
        return id.isZero() ? MapPage.zero(level) : read(id, level, index);
    }

    /** Returns the leaf that covers blocks [index × 256, (index + 1) × 256). */
    public MapPage leaf(long index) throws IOException {
        return page(0, index);
    }

    /** Returns the id of the content of block {@code blockNumber}. */
    public ChunkId blockId(long blockNumber) throws IOException {
        return leaf(blockNumber >>> FAN_OUT_BITS).id((int) (blockNumber & (MapShape.FAN_OUT - 1)));
    }

    /**
     * Reads the page stored under {@code id}. The page is shared and must not be changed.
     *
     * @param index position of the page among the pages of its level
     * @throws CorruptDataException if it is missing or damaged, or has an entry past the end of the disk
     */
    public MapPage read(ChunkId id, int level, long index) throws IOException {
        MapPage page = read(id, level);
        if (shape.endsIn(level, index)) {
            shape.check(page, index, "map page " + id.hex());
        }
        return page;
    }

    /**
     * Reads the page stored under {@code id} whose position is not known: entries past the end of the disk are not
     * detected.
     */
    public MapPage read(ChunkId id, int level) throws IOException {
        synchronized (cache) {
            MapPage page = cache.get(id);
            if (page != null && page.level() == level) {
                return page;
            }
        }
        MapPage page = pages.page(id, level);
        synchronized (cache) {
            cache.put(id, page);
        }
        return page;
    }

    /**
     * Returns the index of the first leaf from {@code leaf} on that is not all {@code ZERO}, or -1 if there is none.
     */
    public long nextLeaf(long leaf) throws IOException {
        return nextLeaf(root, shape.rootLevel(), 0, leaf);
    }

    private long nextLeaf(ChunkId id, int level, long index, long from) throws IOException {
        if (id.isZero() || (index + 1) << (FAN_OUT_BITS * level) <= from) {
            return -1;
        }
        if (level == 0) {
            return index;
        }
        MapPage page = read(id, level, index);
        int below = FAN_OUT_BITS * (level - 1);
        long first = index << FAN_OUT_BITS;
        for (int entry = (int) Math.max(0, (from >>> below) - first); entry < MapShape.FAN_OUT; entry++) {
            long found = nextLeaf(page.id(entry), level - 1, first + entry, from);
            if (found >= 0) {
                return found;
            }
        }
        return -1;
    }
}
