package io.varve.engine.gc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.backup.Backups;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.pack.PackFormat;
import io.varve.store.pack.PackListing;
import io.varve.store.pack.PackReader;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import io.varve.store.trash.CondemnedLists;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pack of as many chunks as there may be, whose name is condemned when the same chunks come again. */
class FullPackTest {
    private static final int CHUNKS = PackFormat.MAX_FRAMES + 100;

    @TempDir
    Path root;

    @Test
    void theSecondOneCanBeReadToo() throws IOException {
        RepositoryConfig config = new RepositoryConfig(UUID.randomUUID(), Backups.BLOCK, 64 << 20, Instant.now());
        try (Repository repository = Repository.init(root, config)) {
            store(repository);
            Set<ChunkId> first = new TreeSet<>(PackListing.all(repository.backend()));
            assertEquals(2, first.size(), "a full pack, and another one");
            CondemnedLists lists = new CondemnedLists(repository.backend());
            lists.putIntoForce(lists.propose(List.copyOf(first), 1, List.of()));
            store(repository);
            Set<ChunkId> second = new TreeSet<>(PackListing.all(repository.backend()));
            second.removeAll(first);
            assertEquals(2, second.size(), "under other names");
            int chunks = 0;
            for (ChunkId pack : second) {
                int frames = PackReader.footer(repository.backend(), pack).frameCount();
                assertTrue(frames <= PackFormat.MAX_FRAMES, frames + " frames");
                chunks += frames;
            }
            assertEquals(CHUNKS + 2, chunks);
        }
    }

    private static void store(Repository repository) throws IOException {
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
            ChunkWriter writer = session.newChunkWriter(Backups.BLOCK);
            ByteBuffer content = ByteBuffer.allocateDirect(Backups.BLOCK);
            for (int chunk = 1; chunk <= CHUNKS; chunk++) {
                content.clear().putInt(0, chunk);
                writer.put(ChunkKind.BLOCK, writer.id(content), content);
            }
            session.finishPacks();
        }
    }
}
