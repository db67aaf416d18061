package io.varve.store.pack;

import io.varve.store.backend.MemoryBackend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Packs made by hand from {@code docs/format.md}: every hash is right, whatever the fields say. */
public final class PackBytes {
    private final MemoryBackend backend;
    private byte[] frames = new byte[0];
    private byte[] footer = new byte[0];
    private long trailerOffset = -1;
    private int trailerLength = -1;

    public PackBytes(MemoryBackend backend) {
        this.backend = backend;
    }

    /** A footer entry; the fields are what the format's table says, in its order. */
    public static ByteBuffer entry(int kind, int codec, int reserved, int raw, int stored, int offset) {
        return ByteBuffer.allocate(56)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) kind)
                .put((byte) codec)
                .putShort((short) reserved)
                .putInt(raw)
                .putInt(stored)
                .putInt(offset)
                .put(Packs.random(32, raw))
                .putLong(raw)
                .flip();
    }

    public PackBytes frames(int length) {
        frames = new byte[length];
        return this;
    }

    public PackBytes footer(ByteBuffer... entries) {
        List<ByteBuffer> all = new ArrayList<>(List.of(entries));
        int length = all.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer table = ByteBuffer.allocate(length);
        all.forEach(table::put);
        footer = table.array();
        return this;
    }

    /** What the trailer says instead of the truth. */
    public PackBytes trailer(long offset, int length) {
        trailerOffset = offset;
        trailerLength = length;
        return this;
    }

    /** Puts the pack into the backend under its right name. */
    public ChunkId put() {
        ByteBuffer header = ByteBuffer.allocate(40)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("VARVPACK".getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                .putInt(1)
                .putInt(0);
        header.order(ByteOrder.BIG_ENDIAN)
                .putLong(Packs.REPOSITORY.getMostSignificantBits())
                .putLong(Packs.REPOSITORY.getLeastSignificantBits());
        header.order(ByteOrder.LITTLE_ENDIAN).putLong(XxHash.hash64(header.array(), 0, 32));
        long[] hash = XxHash.hash128(footer, 0, footer.length);
        ByteBuffer pack = ByteBuffer.allocate(40 + frames.length + footer.length + 40)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(header.array())
                .put(frames)
                .put(footer)
                .putLong(trailerOffset < 0 ? 40L + frames.length : trailerOffset)
                .putInt(trailerLength < 0 ? footer.length : trailerLength)
                .putInt(0)
                .putLong(hash[0])
                .putLong(hash[1])
                .put("VARVEND1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        ChunkId id = Packs.id(footer);
        backend.put(PackFormat.objectName(id), pack.array());
        return id;
    }
}
