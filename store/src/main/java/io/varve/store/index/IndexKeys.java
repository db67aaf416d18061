package io.varve.store.index;

import io.varve.store.chunk.ChunkId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys and values of the index. A chunk id is a key as it is. All other keys begin with eight zero bytes, which in
 * practice no digest does; so they are adjacent and are found without walking the chunks ({@code docs/format.md},
 * section 6).
 */
final class IndexKeys {
    /** Length of the prefix of every key that is not a chunk id. */
    private static final int PREFIX_SIZE = 8;

    private static final int PACK_KEY_SIZE = PREFIX_SIZE + 1 + Integer.BYTES;

    static final byte[] FORMAT = meta("format");
    static final byte[] NEXT_PACK = meta("next pack");
    static final byte[] EPOCH = meta("epoch");
    static final byte[] GENERATION = meta("generation");
    static final byte[] REPOSITORY = meta("repository");

    /** The smallest possible key of a pack. */
    static final byte[] PACKS_BEGIN = prefixed('p', 0).array();

    private IndexKeys() {}

    private static ByteBuffer prefixed(char kind, int length) {
        return ByteBuffer.allocate(PREFIX_SIZE + 1 + length)
                .put(PREFIX_SIZE, (byte) kind)
                .position(PREFIX_SIZE + 1);
    }

    private static byte[] meta(String name) {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        return prefixed('m', text.length).put(text).array();
    }

    static byte[] pack(int number) {
        return prefixed('p', Integer.BYTES).putInt(number).array();
    }

    static boolean isPack(byte[] key) {
        return key.length == PACK_KEY_SIZE
                && Arrays.equals(key, 0, PACKS_BEGIN.length, PACKS_BEGIN, 0, PACKS_BEGIN.length);
    }

    static int packNumber(byte[] key) {
        return ByteBuffer.wrap(key).getInt(PREFIX_SIZE + 1);
    }

    /** Value of a pack's key. */
    static byte[] packValue(ChunkId pack, long length) {
        return ByteBuffer.allocate(ChunkId.SIZE + Long.BYTES)
                .put(pack.toBytes())
                .putLong(length)
                .array();
    }

    /** Length of the pack in bytes, from its value; {@link PackInventory#UNKNOWN_LENGTH} in one of an earlier build. */
    static long packLength(byte[] value) {
        return value.length < ChunkId.SIZE + Long.BYTES
                ? PackInventory.UNKNOWN_LENGTH
                : ByteBuffer.wrap(value).getLong(ChunkId.SIZE);
    }

    static byte[] root(ChunkId root) {
        return prefixed('r', ChunkId.SIZE).put(root.toBytes()).array();
    }

    static byte[] u32(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    static int u32(byte[] value) {
        return value == null ? 0 : ByteBuffer.wrap(value).getInt();
    }
}
