package io.varve.engine.restore;

import io.varve.engine.restore.ChunkCache.Entry;
import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.map.MapPage;
import io.varve.store.map.PageSource;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.PageReader;
import io.varve.store.session.ReadSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads chunks and map pages from packs, for any number of threads. Each thread borrows a reader while it needs one.
 * Thread-safe. Memory: 2 MiB of direct buffers, or two blocks if they are larger, for each thread of the largest number
 * that ever read at the same time; and {@value #PAGES_KEPT} map pages.
 */
final class ChunkLoader implements PageSource {
    private static final int PAGES_KEPT = 1024;

    private final ReadSession session;
    private final int blockSize;
    private final ChunkCache cache;
    private final Queue<ChunkReader> idle = new ConcurrentLinkedQueue<>();
    private final Map<ChunkId, MapPage> pages = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ChunkId, MapPage> eldest) {
            return size() > PAGES_KEPT;
        }
    };

    /** @param blockSize length of the largest chunk in bytes */
    ChunkLoader(ReadSession session, int blockSize, ChunkCache cache) {
        this.session = session;
        this.blockSize = blockSize;
        this.cache = cache;
    }

    private ChunkReader reader() {
        ChunkReader reader = idle.poll();
        Backend backend = session.repository().backend();
        return reader == null ? session.newChunkReader(backend::read, Math.max(blockSize, MapPage.SIZE)) : reader;
    }

    /**
     * Loads entries that the caller has claimed, in the order of the packs. All of them are completed when this returns
     * or throws. Damage to one affects only that one.
     *
     * @throws IOException a failure that says nothing about single chunks
     */
    void load(List<Entry> claimed) throws IOException {
        if (claimed.isEmpty()) {
            return;
        }
        try {
            ChunkReader reader = reader();
            List<ChunkReader.Wanted> wanted = new ArrayList<>();
            for (Entry entry : claimed) {
                wanted.add(new ChunkReader.Wanted(entry.id(), entry.content(), wanted.size()));
            }
            reader.readAll(
                    wanted,
                    (chunk, header, payload) -> cache.loaded(claimed.get(chunk.tag())),
                    (chunk, why) -> cache.failed(claimed.get(chunk.tag()), why));
            idle.add(reader);
        } catch (IOException | RuntimeException | Error e) {
            for (Entry entry : claimed) {
                if (!entry.done().isDone()) {
                    cache.failed(entry, e);
                }
            }
            throw e;
        }
    }

    /** Reads a chunk, regardless of whether other threads failed to. */
    ByteBuffer loadAlone(ChunkId id, int length) throws IOException {
        ChunkReader reader = reader();
        ByteBuffer plaintext = ByteBuffer.allocateDirect(length);
        reader.read(id, plaintext);
        idle.add(reader);
        return plaintext.clear();
    }

    @Override
    public MapPage page(ChunkId id, int level) throws IOException {
        synchronized (pages) {
            MapPage page = pages.get(id);
            if (page != null && page.level() == level) {
                return page;
            }
        }
        MapPage page = readPage(id, level);
        synchronized (pages) {
            pages.put(id, page);
        }
        return page;
    }

    private MapPage readPage(ChunkId id, int level) throws IOException {
        ChunkReader reader = reader();
        ByteBuffer plaintext = ByteBuffer.allocateDirect(MapPage.SIZE);
        try {
            reader.read(id, plaintext);
        } catch (LockedRepositoryException e) {
            throw PageReader.notAPage(id);
        }
        MapPage page = PageReader.decode(id, level, plaintext.clear());
        idle.add(reader);
        return page;
    }
}
