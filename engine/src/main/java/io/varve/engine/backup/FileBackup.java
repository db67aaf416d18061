package io.varve.engine.backup;

import io.varve.engine.Cancellation;
import io.varve.engine.port.CheckpointFile;
import io.varve.engine.port.SourceException;
import io.varve.engine.source.SourceCall;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.session.ChunkWriter;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Manifest.FileRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Stores a checkpoint's configuration files: each is read once, sequentially, and cut into pieces of the block size.
 * For one thread. Memory: two pieces and a chunk writer's buffers.
 */
final class FileBackup {
    /** Limit for all files together: the manifest lists each piece and has at most 16 MiB. */
    static final int MAX_PIECES = 100_000;

    private final WriteSession session;
    private final BackupOptions options;
    private final Cancellation cancellation;
    private int pieces;

    FileBackup(WriteSession session, BackupOptions options, Cancellation cancellation) {
        this.session = session;
        this.options = options;
        this.cancellation = cancellation;
    }

    /**
     * @param files with guarded names; exceptions from their content become failures of the source here
     * @throws SourceException when a file cannot be read, or all of them are too large
     */
    List<FileRecord> store(List<CheckpointFile> files) throws IOException {
        if (files.isEmpty()) {
            return List.of();
        }
        int pieceSize = session.repository().config().blockSize();
        ChunkWriter chunks = session.newChunkWriter(pieceSize, options.compression());
        byte[] piece = new byte[pieceSize];
        ByteBuffer content = ByteBuffer.allocateDirect(pieceSize);
        List<FileRecord> records = new ArrayList<>();
        for (CheckpointFile file : files) {
            records.add(store(file, piece, content, chunks));
        }
        return List.copyOf(records);
    }

    private FileRecord store(CheckpointFile file, byte[] piece, ByteBuffer content, ChunkWriter chunks)
            throws IOException {
        String where = "configuration file " + file.name();
        InputStream stream = SourceCall.require(where, file::open);
        List<ChunkId> ids = new ArrayList<>();
        long size = 0;
        try {
            int length;
            while ((length = SourceCall.get(where, () -> stream.readNBytes(piece, 0, piece.length))) > 0) {
                cancellation.check();
                if (++pieces > MAX_PIECES) {
                    throw new SourceException(where + ": expected configuration files of at most "
                            + (long) MAX_PIECES * piece.length + " bytes in all, found more");
                }
                options.pace().read().take(length);
                ids.add(store(content.clear().put(piece, 0, length).flip(), chunks));
                size += length;
            }
        } catch (IOException | RuntimeException | Error e) {
            try {
                stream.close();
            } catch (IOException | RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
        SourceCall.run(where, stream::close);
        return new FileRecord(file.name(), size, List.copyOf(ids));
    }

    private ChunkId store(ByteBuffer content, ChunkWriter chunks) throws IOException {
        ChunkId id = chunks.pieceId(content);
        int stored = chunks.put(ChunkKind.FILE_PIECE, id, content);
        options.pace().write().take(stored);
        return id;
    }
}
