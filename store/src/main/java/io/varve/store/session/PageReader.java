package io.varve.store.session;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.map.MapPage;
import io.varve.store.map.PageSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Map pages out of the packs, verified. Thread-safe, one reader at a time. */
public final class PageReader implements PageSource {
    private final ChunkReader chunks;
    private final ByteBuffer plaintext = ByteBuffer.allocateDirect(MapPage.SIZE);

    public PageReader(Backend backend, ChunkLookup lookup) {
        this.chunks = new ChunkReader(backend, lookup, 0);
    }

    @Override
    public synchronized MapPage page(ChunkId id, int level) throws IOException {
        chunks.read(id, plaintext.clear());
        return MapPage.decode(plaintext, "map page " + id.hex(), level);
    }
}
