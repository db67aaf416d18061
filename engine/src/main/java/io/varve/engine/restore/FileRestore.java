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
 * Reads configuration files of a snapshot, each from beginning to end. Every piece is verified by its id. For one
 * thread. Memory: the buffer of a chunk reader, and one piece of at most 4 MiB.
 */
public final class FileRestore {
    private final ChunkReader chunks;
    private final Cancellation cancellation;
    private ByteBuffer piece = ByteBuffer.allocateDirect(0);

    /** @param session unlocked if the repository is encrypted; the caller keeps ownership */
    public FileRestore(ReadSession session, Cancellation cancellation) {
        this.chunks = session.newChunkReader();
        this.cancellation = cancellation;
    }

    /** Receives the bytes of a file, in order. */
    @FunctionalInterface
    public interface Sink {
        /**
         * Writes {@code content}, from position to limit, at {@code offset} of the file. The buffer is not retained.
         */
        void write(long offset, ByteBuffer content) throws IOException;
    }

    /**
     * Writes one file to {@code sink}.
     *
     * @return length of the file in bytes
     * @throws CorruptDataException if a piece is missing or damaged; what was written before is intact
     * @throws TargetException if {@code sink} fails
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
