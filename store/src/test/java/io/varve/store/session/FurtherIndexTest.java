package io.varve.store.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.chunk.ChunkKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who writes beside others has an index of his own; that it has to be made is nothing to tell the operator. */
class FurtherIndexTest {
    @TempDir
    Path directory;

    @Test
    void onlyALostIndexIsToldOf() throws IOException {
        Path root = directory.resolve("repository");
        List<String> notices = new ArrayList<>();
        try (Repository repository =
                Repository.init(root, new RepositoryConfig(UUID.randomUUID(), 65536, 1 << 20, Instant.now()))) {
            try (WriteSession first = open(repository, notices)) {
                ChunkWriter writer = first.newChunkWriter(65536);
                ByteBuffer block = ByteBuffer.allocateDirect(100).put(0, (byte) 1);
                writer.put(ChunkKind.BLOCK, writer.id(block), block);
                first.finishPacks();
                try (WriteSession second = open(repository, notices)) {
                    assertFalse(second.index().packs().isEmpty(), "it knows what the other one wrote");
                }
            }
            assertEquals(List.of(), notices);
            try (var index = Files.list(root.resolve("index"))) {
                for (Path file : index.toList()) {
                    Files.delete(file);
                }
            }
            open(repository, notices).close();
            assertEquals(1, notices.size());
            assertTrue(notices.get(0).contains("index was missing"), notices.get(0));
            notices.clear();
            IndexMaintenance.rebuild(repository, Duration.ZERO, (done, total) -> {}, notices::add);
            assertEquals(List.of(), notices, "it was not missing");
        }
    }

    private static WriteSession open(Repository repository, List<String> notices) throws IOException {
        return WriteSession.open(repository, "test", Duration.ZERO, notices::add);
    }
}
