package io.varve.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.pack.PackWriter.SealedPack;
import io.varve.store.pack.Packs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CondemnTest {
    @TempDir
    Path temp;

    private static SealedPack pack(MemoryBackend backend, int seed) throws IOException {
        return Packs.publish(backend, List.of(Packs.random(30, seed)));
    }

    @Test
    void theCallersSetStaysAsItIs() throws IOException {
        MemoryBackend backend = new MemoryBackend();
        SealedPack condemned = pack(backend, 1);
        SealedPack kept = pack(backend, 2);
        ChunkId unknown = Packs.id(new byte[] {7});
        Set<ChunkId> given = new HashSet<>(Set.of(condemned.id(), unknown));
        try (ChunkIndex index = ChunkIndex.openForWriting(temp.resolve("index"), Packs.REPOSITORY)) {
            index.add(condemned.id(), condemned.footer());
            index.add(kept.id(), kept.footer());
            int epoch = index.epoch();
            index.condemn(given);
            assertEquals(Set.of(condemned.id(), unknown), given);
            given.clear(); // and nothing in the index is a view of it
            assertFalse(index.knowsPack(condemned.id()));
            assertNull(index.find(condemned.footer().id(0)));
            assertTrue(index.knowsPack(kept.id()));
            assertTrue(index.epoch() > epoch);
        }
    }
}
