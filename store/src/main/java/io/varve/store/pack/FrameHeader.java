package io.varve.store.pack;

import static io.varve.store.pack.PackFormat.FRAME_HEADER_SIZE;
import static io.varve.store.pack.PackFormat.FRAME_MAGIC;
import static io.varve.store.pack.PackFormat.INT;
import static io.varve.store.pack.PackFormat.LONG;
import static io.varve.store.pack.PackFormat.MAX_RAW_LENGTH;

import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.ChunkKind;
import io.varve.store.chunk.Codec;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;

/**
 * The header that precedes a chunk's payload in a pack. The footer repeats it.
 *
 * @param rawLength bytes of the plaintext
 * @param storedLength bytes of the payload
 * @param payloadHash XXH3-64 of the payload
 */
public record FrameHeader(ChunkKind kind, Codec codec, int rawLength, int storedLength, ChunkId id, long payloadHash) {

    /** Length of the whole frame in bytes, header included. */
    public int frameLength() {
        return FRAME_HEADER_SIZE + storedLength;
    }

    void write(byte[] target) {
        INT.set(target, 0, FRAME_MAGIC);
        target[4] = (byte) kind.code();
        target[5] = (byte) codec.code();
        target[6] = 0;
        target[7] = 0;
        INT.set(target, 8, rawLength);
        INT.set(target, 12, storedLength);
        id.write(target, 16);
        LONG.set(target, 48, payloadHash);
        LONG.set(target, 56, XxHash.hash64(target, 0, 56));
    }

    /**
     * @param source at least {@link PackFormat#FRAME_HEADER_SIZE} bytes
     * @param object name of the pack, for messages
     * @param offset where the frame starts in the pack
     */
    static FrameHeader read(byte[] source, String object, long offset) throws CorruptDataException {
        int magic = (int) INT.get(source, 0);
        if (magic != FRAME_MAGIC) {
            throw new CorruptDataException(
                    object, offset, "a frame (magic VFRM)", "magic 0x" + Integer.toHexString(magic));
        }
        long hash = XxHash.hash64(source, 0, 56);
        long stored = (long) LONG.get(source, 56);
        if (hash != stored) {
            throw new CorruptDataException(object, offset + 56, "frame header hash " + hex(hash), hex(stored));
        }
        return fields(
                source,
                4,
                (int) INT.get(source, 8),
                (int) INT.get(source, 12),
                16,
                (long) LONG.get(source, 48),
                object,
                offset);
    }

    /** Reads and checks the fields that a frame header and a footer entry have in common. */
    static FrameHeader fields(
            byte[] source,
            int kindAt,
            int rawLength,
            int storedLength,
            int idAt,
            long payloadHash,
            String object,
            long offset)
            throws CorruptDataException {
        ChunkKind kind = ChunkKind.ofCode(source[kindAt] & 0xFF);
        Codec codec = Codec.ofCode(source[kindAt + 1] & 0xFF);
        if (kind == null || codec == null || source[kindAt + 2] != 0 || source[kindAt + 3] != 0) {
            throw new CorruptDataException(
                    object,
                    offset,
                    "a chunk kind and codec that this version of Varve knows",
                    "kind " + (source[kindAt] & 0xFF) + ", codec " + (source[kindAt + 1] & 0xFF));
        }
        if (kind == ChunkKind.MAP_PAGE && codec.isSealed()) {
            throw new CorruptDataException(object, offset, "a map page that can be read without a key", "" + codec);
        }
        if (rawLength <= 0 || rawLength > MAX_RAW_LENGTH) {
            throw new CorruptDataException(object, offset, "raw length 1 to " + MAX_RAW_LENGTH, "" + rawLength);
        }
        if (!codec.fits(rawLength, storedLength)) {
            throw new CorruptDataException(
                    object, offset, "a stored length that fits raw length " + rawLength, "" + storedLength);
        }
        return new FrameHeader(kind, codec, rawLength, storedLength, ChunkId.read(source, idAt), payloadHash);
    }

    private static String hex(long value) {
        return String.format("%016x", value);
    }
}
