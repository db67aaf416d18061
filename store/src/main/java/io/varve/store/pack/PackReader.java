package io.varve.store.pack;

import static io.varve.store.pack.PackFormat.FOOTER_ENTRY_SIZE;
import static io.varve.store.pack.PackFormat.FRAME_HEADER_SIZE;
import static io.varve.store.pack.PackFormat.HEADER_SIZE;
import static io.varve.store.pack.PackFormat.INT;
import static io.varve.store.pack.PackFormat.LONG;
import static io.varve.store.pack.PackFormat.MAX_FRAMES;
import static io.varve.store.pack.PackFormat.MAX_PACK_SIZE;
import static io.varve.store.pack.PackFormat.TRAILER_SIZE;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Reads packs: the footer of an intact one, and the frames of any. Stateless. */
public final class PackReader {
    private PackReader() {}

    /**
     * Reads a pack's footer and checks the trailer, the footer's hash, and that its SHA-256 is the pack's name.
     *
     * @throws CorruptDataException if the object is not this pack
     * @throws java.nio.file.NoSuchFileException when there is none
     */
    public static PackFooter footer(Backend backend, ChunkId packId) throws IOException {
        String object = PackFormat.objectName(packId);
        PackFooter footer = footer(backend, object);
        if (!footer.packId().equals(packId)) {
            throw new CorruptDataException(
                    object,
                    -1,
                    "a footer whose SHA-256 is the pack's name",
                    footer.packId().hex());
        }
        return footer;
    }

    /** Reads the footer of a pack that may have any name. Only the footer's own hash is checked. */
    public static PackFooter footer(Backend backend, String object) throws IOException {
        long size = backend.size(object);
        if (size < PackFooter.MIN_PACK_SIZE || size > MAX_PACK_SIZE) {
            throw new CorruptDataException(
                    object, -1, PackFooter.MIN_PACK_SIZE + " to " + MAX_PACK_SIZE + " bytes", size + " bytes");
        }
        byte[] trailer = read(backend, object, size - TRAILER_SIZE, TRAILER_SIZE);
        long trailerAt = size - TRAILER_SIZE;
        if ((long) LONG.get(trailer, 32) != PackFormat.TRAILER_MAGIC) {
            throw new CorruptDataException(object, trailerAt + 32, "magic VARVEND1", hexOf(trailer, 32, 8));
        }
        if ((int) INT.get(trailer, 12) != 0) {
            throw new CorruptDataException(object, trailerAt + 12, "0", hexOf(trailer, 12, 4));
        }
        long footerOffset = (long) LONG.get(trailer, 0);
        long footerLength = Integer.toUnsignedLong((int) INT.get(trailer, 8));
        if (footerLength % FOOTER_ENTRY_SIZE != 0
                || footerLength == 0
                || footerLength > (long) MAX_FRAMES * FOOTER_ENTRY_SIZE
                || footerOffset < HEADER_SIZE
                || footerOffset != trailerAt - footerLength) {
            throw new CorruptDataException(
                    object,
                    trailerAt,
                    "a footer of whole entries that ends at " + trailerAt,
                    "offset " + footerOffset + ", length " + footerLength);
        }
        byte[] entries = read(backend, object, footerOffset, (int) footerLength);
        long[] hash = XxHash.hash128(entries, 0, entries.length);
        if (hash[0] != (long) LONG.get(trailer, 16) || hash[1] != (long) LONG.get(trailer, 24)) {
            throw new CorruptDataException(
                    object,
                    footerOffset,
                    "the footer hash of the trailer",
                    String.format("%016x%016x", hash[1], hash[0]));
        }
        PackFooter footer = PackFooter.read(entries, object, footerOffset);
        return footer;
    }

    /** Checks a pack's header, including the repository id in it. */
    public static void checkHeader(Backend backend, ChunkId packId, UUID repositoryId) throws IOException {
        String object = PackFormat.objectName(packId);
        UUID found = repositoryId(backend, object);
        if (!found.equals(repositoryId)) {
            throw new CorruptDataException(object, 16, "repository id " + repositoryId, "" + found);
        }
    }

    /** Reads and checks a pack's header, and returns the id of the repository that the pack belongs to. */
    public static UUID repositoryId(Backend backend, String object) throws IOException {
        return PackFormat.readUuid(header(backend, object), 16);
    }

    /** Reads and checks a pack's header, and returns the tag of the session that wrote the pack; 0 if unknown. */
    public static int sessionTag(Backend backend, ChunkId packId) throws IOException {
        return (int) INT.get(header(backend, PackFormat.objectName(packId)), 12);
    }

    private static byte[] header(Backend backend, String object) throws IOException {
        byte[] header = read(backend, object, 0, HEADER_SIZE);
        if ((long) LONG.get(header, 0) != PackFormat.HEADER_MAGIC) {
            throw new CorruptDataException(object, 0, "magic VARVPACK", hexOf(header, 0, 8));
        }
        if ((long) LONG.get(header, 32) != XxHash.hash64(header, 0, 32)) {
            throw new CorruptDataException(object, 32, "the header's hash", hexOf(header, 32, 8));
        }
        if ((int) INT.get(header, 8) != PackFormat.VERSION) {
            throw new CorruptDataException(object, 8, "pack version 1", hexOf(header, 8, 4));
        }
        return header;
    }

    /**
     * Reads the frame header at {@code offset}, to walk a pack whose footer is lost: the next frame follows this one's
     * payload.
     *
     * @throws CorruptDataException if there is no frame at {@code offset}: the footer begins there, or a crash cut the
     *     pack off
     */
    public static FrameHeader frameHeaderAt(Backend backend, String object, long offset) throws IOException {
        return FrameHeader.read(read(backend, object, offset, FRAME_HEADER_SIZE), object, offset);
    }

    /**
     * Decodes a frame header that was read from a pack at {@code offset}.
     *
     * @param source positioned at the frame; the position does not move
     */
    public static FrameHeader frameHeader(ByteBuffer source, String object, long offset) throws CorruptDataException {
        if (source.remaining() < FRAME_HEADER_SIZE) {
            throw new CorruptDataException(
                    object, offset, "a frame header of " + FRAME_HEADER_SIZE + " bytes", source.remaining() + " bytes");
        }
        byte[] header = new byte[FRAME_HEADER_SIZE];
        source.get(source.position(), header);
        return FrameHeader.read(header, object, offset);
    }

    /**
     * Checks that {@code frame}, header and payload from position to limit, is the one that the footer describes. No
     * position moves.
     *
     * @return the payload
     */
    public static ByteBuffer checkedPayload(ByteBuffer frame, FrameHeader expected, String object, long offset)
            throws CorruptDataException {
        FrameHeader found = frameHeader(frame, object, offset);
        if (!found.equals(expected)) {
            throw new CorruptDataException(object, offset, "the frame of the footer: " + expected, "" + found);
        }
        return checkedPayload(frame, found, object, offset, true);
    }

    /** Checks a frame against its own header, which was decoded from {@code frame}. */
    public static ByteBuffer checkedPayload(
            ByteBuffer frame, FrameHeader header, String object, long offset, boolean verifyHash)
            throws CorruptDataException {
        if (frame.remaining() < header.frameLength()) {
            throw new CorruptDataException(
                    object, offset, "a frame of " + header.frameLength() + " bytes", frame.remaining() + " bytes");
        }
        ByteBuffer payload = frame.slice(frame.position() + FRAME_HEADER_SIZE, header.storedLength());
        if (verifyHash && XxHash.hash64(payload) != header.payloadHash()) {
            throw new CorruptDataException(
                    object,
                    offset + FRAME_HEADER_SIZE,
                    "a payload of " + header.storedLength() + " bytes with hash "
                            + String.format("%016x", header.payloadHash()),
                    String.format("%016x", XxHash.hash64(payload)));
        }
        return payload;
    }

    static byte[] read(Backend backend, String object, long offset, int length) throws IOException {
        byte[] bytes = new byte[length];
        backend.read(object, offset, ByteBuffer.wrap(bytes));
        return bytes;
    }

    private static String hexOf(byte[] bytes, int offset, int length) {
        return java.util.HexFormat.of().formatHex(bytes, offset, offset + length);
    }
}
