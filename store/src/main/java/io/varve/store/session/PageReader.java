package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.crypt.LockedRepositoryException;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.MapPage;
import io.varve.store.map.PageSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads map pages from packs and verifies them. Thread-safe; one thread reads at a time. */
public final class PageReader implements PageSource {
    private final ChunkReader chunks;
    private final ByteBuffer plaintext = ByteBuffer.allocateDirect(MapPage.SIZE);

    public PageReader(Repository repository, ChunkLookup lookup) {
        this.chunks = new ChunkReader(repository, lookup);
    }

    @Override
    public synchronized MapPage page(ChunkId id, int level) throws IOException {
        try {
            chunks.read(id, plaintext.clear());
        } catch (LockedRepositoryException e) {
            throw notAPage(id);
        }
        return decode(id, level, plaintext);
    }

    /** The page in the plaintext of its chunk. */
    public static MapPage decode(ChunkId id, int level, ByteBuffer plaintext) throws CorruptDataException {
        return MapPage.decode(plaintext, "map page " + id.hex(), level);
    }

    /** The message for a sealed chunk in the place of a page. */
    public static CorruptDataException notAPage(ChunkId id) {
        return new CorruptDataException("map page " + id.hex(), -1, "a map page", "a chunk of another kind");
    }
}
