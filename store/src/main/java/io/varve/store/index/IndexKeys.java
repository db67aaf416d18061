package io.varve.store.index;

import io.varve.store.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Keys and values of the index. One key space, told apart by length and first byte:
 *
 * <pre>
 * chunk id (32 bytes)            → pack number u32 · offset u32 · stored length u32   (little-endian)
 * 'p' + pack number (u32, BE)    → pack id (32 bytes)
 * 'r' + map root (32 bytes)      → epoch in which the whole tree below it was found present (u32)
 * 'm' + name                     → "format", "next pack", "epoch" (u32), "repository" (text)
 * </pre>
 */
final class IndexKeys {
    static final byte[] FORMAT = meta("format");
    static final byte[] NEXT_PACK = meta("next pack");
    static final byte[] EPOCH = meta("epoch");
    static final byte[] REPOSITORY = meta("repository");
    static final byte[] PACKS_BEGIN = {'p'};
    static final byte[] ROOTS_BEGIN = {'r'};

    private IndexKeys() {}

    private static byte[] meta(String name) {
        return ("m" + name).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] pack(int number) {
        return ByteBuffer.allocate(5).put((byte) 'p').putInt(number).array();
    }

    static boolean isPack(byte[] key) {
        return key.length == 5 && key[0] == 'p';
    }

    static int packNumber(byte[] key) {
        return ByteBuffer.wrap(key).getInt(1);
    }

    static byte[] root(ChunkId root) {
        byte[] key = new byte[33];
        key[0] = 'r';
        root.write(key, 1);
        return key;
    }

    static boolean isRoot(byte[] key) {
        return key.length == 33 && key[0] == 'r';
    }

    static byte[] u32(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static int u32(byte[] value) {
        return value == null ? 0 : ByteBuffer.wrap(value).getInt();
    }
}
