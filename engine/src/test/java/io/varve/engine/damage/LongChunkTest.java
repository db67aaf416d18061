package io.varve.engine.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.varve.engine.backup.Backups;
import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A chunk in the place of a block that is much larger than one: damage, for which a reader has no room to have. */
class LongChunkTest {
    private static final int LENGTH = 3 << 20;

    @TempDir
    Path root;

    @Test
    void isDamageWhoeverReadsIt() throws IOException {
        try (Repository repository = Backups.init(root)) {
            ChunkId id = store(repository, Backups.content(LENGTH, 1));
            try (ReadSession session = ReadSession.open(repository, notice -> {})) {
                ByteBuffer block = ByteBuffer.allocateDirect(Backups.BLOCK);
                ChunkReader forBlocks = session.newChunkReader(repository.backend()::read, Backups.BLOCK);
                CorruptDataException e = assertThrows(CorruptDataException.class, () -> forBlocks.read(id, block));
                assertEquals("a frame of at most 1048576 bytes", e.expected());
                ChunkReader forAll = session.newChunkReader();
                e = assertThrows(CorruptDataException.class, () -> forAll.read(id, block));
                assertEquals("a chunk of " + Backups.BLOCK + " bytes", e.expected());
                forAll.read(id, ByteBuffer.allocateDirect(LENGTH));
            }
        }
    }

    private static ChunkId store(Repository repository, byte[] content) throws IOException {
        ByteBuffer plaintext =
                ByteBuffer.allocateDirect(content.length).put(content).flip();
        try (WriteSession session = WriteSession.open(repository, "test", Duration.ZERO, notice -> {})) {
            ChunkWriter writer = session.newChunkWriter(content.length);
            ChunkId id = writer.id(plaintext);
            writer.put(ChunkKind.BLOCK, id, plaintext);
            session.finishPacks();
            return id;
        }
    }
}
