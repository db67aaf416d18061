package io.varve.store.pack;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkCodec;
import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.XxHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/** Packs for tests. */
public final class Packs {
    public static final UUID REPOSITORY = new UUID(0x0102030405060708L, 0x090A0B0C0D0E0F10L);

    private Packs() {}

    /** Bytes that do not compress. */
    /** A header as it stands in a pack. */
    public static byte[] encoded(FrameHeader header) {
        byte[] bytes = new byte[PackFormat.FRAME_HEADER_SIZE];
        header.write(bytes);
        return bytes;
    }

    public static byte[] random(int length, long seed) {
        byte[] content = new byte[length];
        new SplittableRandom(seed).nextBytes(content);
        return content;
    }

    /** Bytes that compress well. */
    public static byte[] text(int length, long seed) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = (byte) (seed + i % 7);
        }
        return content;
    }

    public static ChunkId id(byte[] content) {
        return new ChunkHasher().id(content);
    }

    /** Writes and publishes a pack of blocks with these contents. */
    public static PackWriter.SealedPack publish(Backend backend, List<byte[]> contents) throws IOException {
        try (PackWriter pack = new PackWriter(backend, REPOSITORY, 0, Set.of(), PackBuffers.atOnce(1000))) {
            for (byte[] content : contents) {
                append(pack, ChunkKind.BLOCK, content);
            }
            return pack.publish();
        }
    }

    static FrameHeader append(PackWriter pack, ChunkKind kind, byte[] content) throws IOException {
        ByteBuffer plaintext =
                ByteBuffer.allocateDirect(content.length).put(content).flip();
        ChunkCodec.Encoded encoded = new ChunkCodec(content.length).encode(plaintext);
        FrameHeader header = new FrameHeader(
                kind,
                encoded.codec(),
                content.length,
                encoded.payload().remaining(),
                id(content),
                XxHash.hash64(encoded.payload()));
        pack.append(header, encoded.payload());
        return header;
    }
}
