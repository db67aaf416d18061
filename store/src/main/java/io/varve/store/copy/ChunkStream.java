package io.varve.store.copy;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.map.MapPage;
import io.varve.store.session.ChunkReader;
import io.varve.store.session.ChunkReader.Wanted;
import io.varve.store.session.ChunkWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Transfers chunks from the source to the target, and counts them. Works on one batch at a time, reads it in the order
 * of the source's packs, and verifies each chunk by its id. For one thread. Memory: one batch, and 10 MiB of heap for
 * ids seen before.
 */
final class ChunkStream {
    private static final int BATCH = 8 << 20;
    private static final int IDS_KEPT = 1 << 16;

    private final ChunkReader reader;
    private final ChunkWriter writer;
    private final ChunkTransfer transfer;
    private final int blockSize;
    private final RecentIds recent = new RecentIds(IDS_KEPT);
    /** Chunks that are known to have the length of a full block. */
    private final RecentIds whole = new RecentIds(IDS_KEPT);

    private final ByteBuffer batch = ByteBuffer.allocateDirect(BATCH);

    private long chunks;
    private long storedBytes;

    ChunkStream(ChunkReader reader, ChunkWriter writer, ChunkTransfer transfer, int blockSize) {
        this.reader = reader;
        this.writer = writer;
        this.transfer = transfer;
        this.blockSize = blockSize;
    }

    /** Receives the id that a chunk has in the target. */
    @FunctionalInterface
    interface Renaming {
        void named(ChunkId source, ChunkId target) throws IOException;
    }

    /** Returns the chunk's id in the target if the chunk need not be read; otherwise null. */
    ChunkId present(ChunkId source) throws IOException {
        ChunkId known = recent.get(source);
        return known == null ? transfer.present(source) : known;
    }

    /** A chunk to read from the source, and its length in bytes. */
    record Request(ChunkId id, int length) {}

    /** Transfers chunks, each requested once, and reports their ids in the target. */
    void send(ChunkKind kind, List<Request> requests, Renaming renaming) throws IOException {
        List<Wanted> wanted = new ArrayList<>();
        int used = 0;
        for (Request request : requests) {
            if (used + request.length > BATCH) {
                sendBatch(kind, wanted, renaming);
                wanted.clear();
                used = 0;
            }
            wanted.add(new Wanted(request.id, batch.slice(used, request.length), wanted.size()));
            used += request.length;
        }
        sendBatch(kind, wanted, renaming);
    }

    private void sendBatch(ChunkKind kind, List<Wanted> wanted, Renaming renaming) throws IOException {
        reader.readAll(
                wanted,
                (chunk, header, payload) -> {
                    ChunkTransfer.Sent sent = transfer.send(kind, chunk.target(), header, payload);
                    count(sent.storedBytes());
                    recent.put(chunk.id(), sent.id());
                    if (chunk.target().capacity() == blockSize) {
                        whole.put(chunk.id(), chunk.id());
                    }
                    renaming.named(chunk.id(), sent.id());
                },
                (chunk, why) -> {
                    throw why;
                });
    }

    /** Checks, for a chunk that need not be read, that the source has it with this length. */
    void checkLength(ChunkId source, int length) throws IOException {
        if (length == blockSize && whole.get(source) != null) {
            return;
        }
        int found = reader.rawLength(source);
        if (found == blockSize) {
            whole.put(source, source);
        }
        if (found != length) {
            throw new CorruptDataException(
                    "packs", -1, "chunk " + source.hex() + " of " + length + " bytes", found + " bytes");
        }
    }

    /** Transfers one chunk of unknown length. @return its id in the target */
    ChunkId send(ChunkKind kind, ChunkId source) throws IOException {
        ChunkId present = present(source);
        if (present == null) {
            send(kind, List.of(new Request(source, reader.rawLength(source))), (id, target) -> {});
            present = recent.get(source);
        }
        return present;
    }

    /** Stores a page of the target's map. @return the page's id */
    ChunkId store(MapPage page) throws IOException {
        long before = writer.pageBytesStored();
        ChunkId id = writer.store(page);
        count(writer.pageBytesStored() - before);
        return id;
    }

    private void count(long bytes) {
        chunks += bytes > 0 ? 1 : 0;
        storedBytes += bytes;
    }

    /** Number of chunks stored in the target so far, including map pages. */
    long chunks() {
        return chunks;
    }

    /** Number of bytes that these chunks take in packs. */
    long storedBytes() {
        return storedBytes;
    }
}
