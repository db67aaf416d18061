package io.varve.store.map;

import static io.varve.store.map.MapShape.FAN_OUT;

import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One page of a block map: 256 ids. As a chunk it is 8,208 bytes: magic "VMAP", version u8, level u8, 10 zero bytes,
 * the ids.
 *
 * <p>Not thread-safe while it is filled. A page that was read is never changed and may be shared. Takes 8 KiB of heap.
 */
public final class MapPage {
    /** Size in bytes of a page as a chunk. */
    public static final int SIZE = 16 + FAN_OUT * ChunkId.SIZE;

    private static final int MAGIC = 0x50414D56; // "VMAP"
    private static final byte VERSION = 1;

    private final int level;
    private final byte[] ids;

    private MapPage(int level, byte[] ids) {
        this.level = level;
        this.ids = ids;
    }

    /** Returns a page whose entries are all {@code ZERO}. */
    public static MapPage zero(int level) {
        return new MapPage(level, new byte[FAN_OUT * ChunkId.SIZE]);
    }

    public MapPage copy() {
        return new MapPage(level, ids.clone());
    }

    public int level() {
        return level;
    }

    public ChunkId id(int entry) {
        return ChunkId.read(ids, entry * ChunkId.SIZE);
    }

    public boolean is(int entry, ChunkId id) {
        return id.isAt(ids, entry * ChunkId.SIZE);
    }

    public void set(int entry, ChunkId id) {
        id.write(ids, entry * ChunkId.SIZE);
    }

    /** Whether every entry is {@code ZERO}. Such a page is not stored, and its id is {@code ZERO} too. */
    public boolean isZero() {
        for (byte value : ids) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns the first entry from {@code entry} on that is not {@code ZERO}, or 256 if there is none. */
    int firstFrom(int entry) {
        for (int at = entry * ChunkId.SIZE; at < ids.length; at++) {
            if (ids[at] != 0) {
                return at / ChunkId.SIZE;
            }
        }
        return FAN_OUT;
    }

    public boolean sameIds(MapPage other) {
        return java.util.Arrays.equals(ids, other.ids);
    }

    /**
     * Writes the page as a chunk into {@code target}, which is cleared first and flipped afterwards, and must hold
     * {@link #SIZE} bytes.
     */
    public void encode(ByteBuffer target) {
        target.clear().order(ByteOrder.LITTLE_ENDIAN);
        target.putInt(MAGIC)
                .put(VERSION)
                .put((byte) level)
                .put(new byte[10])
                .put(ids)
                .flip();
    }

    /**
     * @param source plaintext of the chunk, from position to limit; consumed
     * @param name name of the page for messages
     * @param expectedLevel level according to its parent page or the manifest
     */
    public static MapPage decode(ByteBuffer source, String name, int expectedLevel) throws CorruptDataException {
        if (source.remaining() != SIZE) {
            throw new CorruptDataException(name, 0, "a map page of " + SIZE + " bytes", source.remaining() + " bytes");
        }
        source.order(ByteOrder.LITTLE_ENDIAN);
        int magic = source.getInt();
        byte version = source.get();
        int level = source.get() & 0xFF;
        if (magic != MAGIC || version != VERSION || level != expectedLevel) {
            throw new CorruptDataException(
                    name,
                    0,
                    "a map page (VMAP) of version " + VERSION + " and level " + expectedLevel,
                    "magic 0x" + Integer.toHexString(magic) + ", version " + version + ", level " + level);
        }
        for (int i = 6; i < 16; i++) {
            if (source.get() != 0) {
                throw new CorruptDataException(name, i, "0 in reserved bytes", "something else");
            }
        }
        byte[] ids = new byte[FAN_OUT * ChunkId.SIZE];
        source.get(ids);
        return new MapPage(level, ids);
    }
}
