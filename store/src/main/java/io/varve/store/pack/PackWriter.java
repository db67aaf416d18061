package io.varve.store.pack;

import static io.varve.store.pack.PackFormat.FRAME_HEADER_SIZE;
import static io.varve.store.pack.PackFormat.HEADER_SIZE;
import static io.varve.store.pack.PackFormat.INT;
import static io.varve.store.pack.PackFormat.LONG;

import io.varve.store.backend.Backend;
import io.varve.store.backend.ObjectWriter;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * A pack that is being written. Not thread-safe: the session admits one thread at a time. Holds one buffer, and 56
 * bytes of heap per frame. After a failure only {@link #close} may be called.
 */
public final class PackWriter implements Closeable {
    private final Backend backend;
    private final UUID repositoryId;
    private final Set<ChunkId> taken;
    private final ObjectWriter object;
    private final PackBuffers buffers;
    private final byte[] frameHeader = new byte[FRAME_HEADER_SIZE];
    private final PackFooter.Builder footer = new PackFooter.Builder();
    private FrameHeader smallest;
    private ByteBuffer smallestPayload;
    private long length;
    private ByteBuffer buffer; // null once everything was handed to the writer
    private Future<?> lastWrite;
    private volatile Throwable failure; // of a write; nothing more is written after one

    /**
     * @param sessionTag tag of the writing session; 0 for none
     * @param taken names that must not be used, because a collection may be about to delete packs of these names
     * @param buffers buffers to collect frames in
     */
    public PackWriter(Backend backend, UUID repositoryId, int sessionTag, Set<ChunkId> taken, PackBuffers buffers)
            throws IOException {
        this.backend = backend;
        this.repositoryId = repositoryId;
        this.taken = taken;
        this.buffers = buffers;
        this.object = backend.create();
        this.buffer = buffers.take();
        byte[] header = new byte[HEADER_SIZE];
        LONG.set(header, 0, PackFormat.HEADER_MAGIC);
        INT.set(header, 8, PackFormat.VERSION);
        INT.set(header, 12, sessionTag);
        PackFormat.writeUuid(repositoryId, header, 16);
        LONG.set(header, 32, XxHash.hash64(header, 0, 32));
        append(ByteBuffer.wrap(header));
    }

    /** Appends a frame. Consumes {@code payload} from position to limit. */
    public void append(FrameHeader header, ByteBuffer payload) throws IOException {
        if (footer.frameCount() == PackFormat.MAX_FRAMES) { // readers refuse larger packs
            throw new IOException("a pack holds " + PackFormat.MAX_FRAMES + " chunks at most");
        }
        remember(header, payload);
        footer.add(header, length);
        header.write(frameHeader);
        append(ByteBuffer.wrap(frameHeader));
        append(payload);
    }

    /** Keeps a copy of the smallest frame, in case it has to be repeated. */
    private void remember(FrameHeader header, ByteBuffer payload) {
        if (smallest == null || header.storedLength() < smallest.storedLength()) {
            smallest = header;
            smallestPayload = ByteBuffer.allocate(payload.remaining())
                    .put(payload.duplicate())
                    .flip();
        }
    }

    private void append(ByteBuffer bytes) throws IOException {
        length += bytes.remaining();
        while (bytes.hasRemaining()) {
            if (!buffer.hasRemaining()) {
                write();
                buffer = buffers.take();
            }
            int piece = Math.min(bytes.remaining(), buffer.remaining());
            buffer.put(bytes.slice(bytes.position(), piece));
            bytes.position(bytes.position() + piece);
        }
    }

    /**
     * Hands the buffer over to be written. Only whole buffers are written, at multiples of their size, so that writes
     * can bypass the page cache.
     */
    private void write() throws IOException {
        throwFailure();
        ByteBuffer full = buffer.flip();
        buffer = null;
        lastWrite = buffers.submit(() -> {
            try {
                if (failure == null) { // a pack with a gap would be worse than a short one
                    object.append(full);
                }
            } catch (IOException | RuntimeException | Error e) {
                failure = e;
            } finally {
                buffers.giveBack(full);
            }
        });
    }

    private void awaitWrites() throws IOException {
        try {
            if (lastWrite != null) {
                lastWrite.get();
            }
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a pack was being written", e);
        }
    }

    private void throwFailure() throws IOException {
        Throwable thrown = failure;
        if (thrown instanceof IOException e) {
            throw new IOException(e.getMessage(), e);
        }
        if (thrown != null) {
            throw new IllegalStateException(thrown);
        }
    }

    /** Bytes appended so far, without the footer. */
    public long length() {
        return length;
    }

    public int frameCount() {
        return footer.frameCount();
    }

    /**
     * Writes footer and trailer, makes the pack durable and publishes it under its name. If a pack of that name exists,
     * it is the same pack, and this one is dropped. If the name is taken, the smallest frame is appended again, which
     * changes the name.
     *
     * @throws CorruptDataException if the existing pack of that name is damaged
     */
    public SealedPack publish() throws IOException {
        PackFooter table = footer.build("new pack");
        while (taken.contains(table.packId())) {
            append(smallest, smallestPayload.duplicate());
            table = footer.build("new pack");
        }
        long footerOffset = length;
        append(ByteBuffer.wrap(table.bytes()));
        append(ByteBuffer.wrap(table.trailer(footerOffset)));
        write();
        awaitWrites();
        throwFailure();
        ChunkId id = table.packId();
        try {
            object.publish(PackFormat.objectName(id));
        } catch (FileAlreadyExistsException e) {
            checkSame(id);
        }
        return new SealedPack(id, length, table);
    }

    /** A damaged pack does not provide its chunks, whatever its name says, and it must not be overwritten. */
    private void checkSame(ChunkId id) throws IOException {
        String name = PackFormat.objectName(id);
        try {
            PackReader.checkHeader(backend, id, repositoryId);
            PackReader.footer(backend, id);
        } catch (CorruptDataException e) {
            throw new CorruptDataException(
                    name,
                    e.offset(),
                    "an intact pack, or no file, under the name of a new pack with the same chunks",
                    "a damaged one (" + e.getMessage() + "); move it out of the repository and run the backup again");
        }
    }

    @Override
    public void close() throws IOException {
        if (buffer != null) {
            buffers.giveBack(buffer);
            buffer = null;
        }
        try {
            awaitWrites();
        } finally {
            object.close();
        }
    }

    /** A pack that was published. */
    public record SealedPack(ChunkId id, long size, PackFooter footer) {}
}
