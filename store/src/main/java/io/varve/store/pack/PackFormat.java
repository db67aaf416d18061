package io.varve.store.pack;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.Codec;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Constants that writer and reader of packs share; {@code docs/format.md} has the byte tables. Everything is
 * little-endian.
 *
 * <pre>
 * pack    = header frame* footer trailer
 * header  = magic 8 · version u32 · session tag u32 · repository id 16 · XXH3-64 of the 32 bytes before it
 * frame   = magic u32 · kind u8 · codec u8 · reserved u16 · raw length u32 · stored length u32 · chunk id 32
 *           · XXH3-64 of the payload · XXH3-64 of the 56 bytes before it · payload
 * footer  = entry*, one per frame: kind u8 · codec u8 · reserved u16 · raw length u32 · stored length u32 · offset u32
 *           · chunk id 32 · XXH3-64 of the payload
 * trailer = footer offset u64 · footer length u32 · reserved u32 · XXH3-128 of the footer · magic 8
 * </pre>
 */
public final class PackFormat {
    public static final int VERSION = 1;

    static final long HEADER_MAGIC = ascii("VARVPACK");
    static final long TRAILER_MAGIC = ascii("VARVEND1");
    static final int FRAME_MAGIC = 0x4D524656; // "VFRM"

    public static final int HEADER_SIZE = 40;
    public static final int FRAME_HEADER_SIZE = 64;
    public static final int FOOTER_ENTRY_SIZE = 56;
    public static final int TRAILER_SIZE = 40;

    /** Largest plaintext of a chunk: a block of the largest size. */
    public static final int MAX_RAW_LENGTH = 4 << 20;

    public static final int MAX_FRAME_LENGTH = maxFrameLength(MAX_RAW_LENGTH);

    /** Most frames in one pack. Bounds the footer to 3.5 MiB, whatever the block size. */
    public static final int MAX_FRAMES = 65_536;

    /**
     * A writer closes a pack at this number of frames. The rest is room for repeating a frame, which gives a pack
     * another name (see {@link PackWriter#publish}).
     */
    public static final int FULL_FRAMES = MAX_FRAMES - 64;

    /** Largest pack in bytes. Offsets in the footer have 32 bits, so this is well within range. */
    public static final long MAX_PACK_SIZE = 1L << 30;

    /** Views of byte arrays as little-endian numbers, to build and parse records. */
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final String DIRECTORY = "packs/";

    private PackFormat() {}

    /** Length in bytes of the largest frame for a chunk of {@code rawLength} bytes: incompressible and sealed. */
    public static int maxFrameLength(int rawLength) {
        return FRAME_HEADER_SIZE + rawLength + Codec.SEAL_LENGTH;
    }

    private static long ascii(String eight) {
        return ByteBuffer.wrap(eight.getBytes(StandardCharsets.US_ASCII))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    /** Returns the name of the object that holds pack {@code id}. */
    public static String objectName(ChunkId id) {
        String hex = id.hex();
        return DIRECTORY + hex.substring(0, 2) + "/" + hex;
    }

    /** Returns the pack id in an object name, or null if it is not the name of a pack. */
    public static ChunkId idOfObject(String name) {
        int hex = DIRECTORY.length() + 3;
        if (name.length() != hex + 2 * ChunkId.SIZE
                || !name.startsWith(DIRECTORY)
                || name.charAt(hex - 1) != '/'
                || !name.regionMatches(DIRECTORY.length(), name, hex, 2)) {
            return null;
        }
        for (int at = hex; at < name.length(); at++) {
            char digit = name.charAt(at);
            if ((digit < '0' || digit > '9') && (digit < 'a' || digit > 'f')) {
                return null;
            }
        }
        return ChunkId.parse(name.substring(hex));
    }

    /** Writes a repository id as in a header: most significant byte first. */
    static void writeUuid(UUID id, byte[] target, int position) {
        ByteBuffer.wrap(target, position, 16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits());
    }

    static UUID readUuid(byte[] source, int position) {
        ByteBuffer bytes = ByteBuffer.wrap(source, position, 16);
        return new UUID(bytes.getLong(), bytes.getLong());
    }
}
