package io.varve.engine.restore;

import io.varve.engine.restore.ChunkCache.Entry;
import io.varve.store.CorruptDataException;
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
 * Reads chunks and map pages out of the packs for any number of threads, each with a reader of its own for as long as
 * it needs one. Thread-safe. Memory: 2 MiB of direct buffers, or twice a block that is larger, for as many threads as
 * ever read at the same time; and {@value #PAGES_KEPT} map pages.
 */
final class ChunkLoader implements PageSource {
    /** Bytes of chunks that are asked for at once, so that neighbours in a pack are read in one go. */
    private static final int BATCH = 1 << 20;

    private static final int PAGES_KEPT = 1024;

    private final ReadSession session;
    private final int blockSize;
    private final ChunkCache cache;
    private final Queue<Reader> idle = new ConcurrentLinkedQueue<>();
    private final Map<ChunkId, MapPage> pages = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ChunkId, MapPage> eldest) {
            return size() > PAGES_KEPT;
        }
    };

    /** @param blockSize bytes of the largest chunk */
    ChunkLoader(ReadSession session, int blockSize, ChunkCache cache) {
        this.session = session;
        this.blockSize = blockSize;
        this.cache = cache;
    }

    private record Reader(ChunkReader chunks, ByteBuffer plaintext) {}

    private Reader reader() {
        Reader reader = idle.poll();
        if (reader != null) {
            return reader;
        }
        Backend backend = session.repository().backend();
        int largest = Math.max(blockSize, MapPage.SIZE);
        return new Reader(
                session.newChunkReader(backend::read, largest), ByteBuffer.allocateDirect(Math.max(BATCH, largest)));
    }

    /**
     * Loads entries that the caller has claimed, in the order of the packs. Every one is settled when this returns or
     * throws; damage to one costs that one alone.
     *
     * @throws IOException what says nothing of single chunks
     */
    void load(List<Entry> claimed) throws IOException {
        if (claimed.isEmpty()) {
            return;
        }
        try {
            Reader reader = reader();
            int from = 0;
            while (from < claimed.size()) {
                int to = from;
                int bytes = 0;
                while (to < claimed.size()
                        && (to == from || bytes + claimed.get(to).length() <= BATCH)) {
                    bytes += claimed.get(to++).length();
                }
                load(claimed.subList(from, to), reader);
                from = to;
            }
            idle.add(reader);
        } catch (IOException | RuntimeException | Error e) {
            for (Entry entry : claimed) {
                if (!entry.content().isDone()) {
                    cache.failed(entry, e);
                }
            }
            throw e;
        }
    }

    private void load(List<Entry> batch, Reader reader) throws IOException {
        List<ChunkReader.Wanted> wanted = new ArrayList<>();
        int at = 0;
        for (Entry entry : batch) {
            wanted.add(new ChunkReader.Wanted(entry.id(), reader.plaintext.slice(at, entry.length()), wanted.size()));
            at += entry.length();
        }
        reader.chunks.readAll(
                wanted,
                (chunk, header, payload) -> {
                    byte[] content = new byte[batch.get(chunk.tag()).length()];
                    chunk.target().duplicate().clear().get(content);
                    cache.loaded(batch.get(chunk.tag()), content);
                },
                (chunk, why) -> cache.failed(batch.get(chunk.tag()), why));
    }

    /** The content of a chunk, whatever others have found of it. */
    byte[] loadAlone(ChunkId id, int length) throws IOException {
        Reader reader = reader();
        ByteBuffer plaintext = reader.plaintext.slice(0, length);
        reader.chunks.read(id, plaintext);
        byte[] content = new byte[length];
        plaintext.clear().get(content);
        idle.add(reader);
        return content;
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

    private MapPage readPage(ChunkId id, int level) throws CorruptDataException, IOException {
        Reader reader = reader();
        ByteBuffer plaintext = reader.plaintext.slice(0, MapPage.SIZE);
        try {
            reader.chunks.read(id, plaintext);
        } catch (LockedRepositoryException e) {
            throw PageReader.notAPage(id);
        }
        MapPage page = PageReader.decode(id, level, plaintext.clear());
        idle.add(reader);
        return page;
    }
}
