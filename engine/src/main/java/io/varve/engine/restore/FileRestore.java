package io.varve.engine.restore;

import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Reason;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.Manifest.FileRecord;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads configuration files of a snapshot, each from the beginning to the end, every piece proven by its id. For one
 * thread. Memory: a chunk reader's buffer and one piece, 4 MiB at most.
 */
public final class FileRestore {
    private final ChunkReader chunks;
    private final Cancellation cancellation;
    private ByteBuffer piece = ByteBuffer.allocateDirect(0);

    /** @param session unlocked if the repository is encrypted; stays the caller's */
    public FileRestore(ReadSession session, Cancellation cancellation) {
        this.chunks = session.newChunkReader();
        this.cancellation = cancellation;
    }

    /** Where a file's bytes go, in order. */
    @FunctionalInterface
    public interface Sink {
        /** Takes {@code content}, position to limit, to {@code offset} of the file; does not keep it. */
        void write(long offset, ByteBuffer content) throws IOException;
    }

    /**
     * Hands out one file.
     *
     * @return bytes of the file
     * @throws CorruptDataException when a piece is missing or damaged; what was handed out before is sound
     * @throws TargetException when {@code sink} fails
     */
    public long run(FileRecord file, Sink sink) throws IOException {
        long offset = 0;
        for (ChunkId id : file.pieces()) {
            cancellation.check();
            if (id.isZero()) {
                throw new CorruptDataException(
                        "configuration file " + file.name(), offset, "the id of a piece", "ZERO, which has no length");
            }
            int length = chunks.rawLength(id);
            if (piece.capacity() < length) {
                piece = ByteBuffer.allocateDirect(length);
            }
            piece.clear().limit(length);
            chunks.read(id, piece);
            piece.clear().limit(length);
            write(sink, offset);
            offset += length;
        }
        return offset;
    }

    private void write(Sink sink, long offset) throws IOException {
        try {
            sink.write(offset, piece);
        } catch (TargetException e) {
            throw e;
        } catch (IOException e) {
            throw new TargetException(Reason.of(e), e);
        }
    }
}
