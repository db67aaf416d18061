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
 * Chunks on their way from the source into the target, a batch at a time in the order of the source's packs, each
 * proven by its id; and counts them. For one thread. Memory: one batch, and 10 MiB of heap for ids met before.
 */
final class ChunkStream {
    private static final int BATCH = 8 << 20;
    private static final int IDS_KEPT = 1 << 16;

    private final ChunkReader reader;
    private final ChunkWriter writer;
    private final ChunkTransfer transfer;
    private final int blockSize;
    private final RecentIds recent = new RecentIds(IDS_KEPT);
    /** Chunks that were found, or read, with the length of a block. */
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

    /** Told what became of a chunk. */
    @FunctionalInterface
    interface Renaming {
        void named(ChunkId source, ChunkId target);
    }

    /** The chunk's id in the target, if it need not be read; otherwise null. */
    ChunkId present(ChunkId source) throws IOException {
        ChunkId known = recent.get(source);
        return known == null ? transfer.present(source) : known;
    }

    /** A chunk to be read from the source, and its length in bytes. */
    record Request(ChunkId id, int length) {}

    /** Reads chunks, each wanted once, brings them into the target, and says what they are called there. */
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

    /** Of a chunk that need not be read: that the source has it with this length. */
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

    /** Brings one chunk of unknown length into the target. @return its id there */
    ChunkId send(ChunkKind kind, ChunkId source) throws IOException {
        ChunkId present = present(source);
        if (present == null) {
            send(kind, List.of(new Request(source, reader.rawLength(source))), (id, target) -> {});
            present = recent.get(source);
        }
        return present;
    }

    /** Stores a page of the target's map. @return its id */
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

    /** Chunks stored in the target so far, map pages among them. */
    long chunks() {
        return chunks;
    }

    /** Bytes that these take in packs. */
    long storedBytes() {
        return storedBytes;
    }
}
