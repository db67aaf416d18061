package io.varve.store.pack;

import static io.varve.store.pack.PackFormat.FOOTER_ENTRY_SIZE;
import static io.varve.store.pack.PackFormat.FRAME_HEADER_SIZE;
import static io.varve.store.pack.PackFormat.HEADER_SIZE;
import static io.varve.store.pack.PackFormat.INT;
import static io.varve.store.pack.PackFormat.LONG;

import io.varve.store.chunk.ChunkHasher;
import io.varve.store.chunk.ChunkId;
import io.varve.store.chunk.XxHash;
import io.varve.store.fault.CorruptDataException;
import java.util.Arrays;

/**
 * The table at the end of a pack: one entry per frame, in the order of the frames, without gaps between them.
 * Immutable. Takes about 56 bytes of heap per frame.
 */
public final class PackFooter {
    private final byte[] entries;
    private final String object;

    private PackFooter(byte[] entries, String object) {
        this.entries = entries;
        this.object = object;
    }

    /** Number of frames. */
    public int frameCount() {
        return entries.length / FOOTER_ENTRY_SIZE;
    }

    public ChunkId id(int frame) {
        return ChunkId.read(entries, frame * FOOTER_ENTRY_SIZE + 16);
    }

    /** Offset in the pack at which frame {@code frame} starts. */
    public long offset(int frame) {
        return Integer.toUnsignedLong((int) INT.get(entries, frame * FOOTER_ENTRY_SIZE + 12));
    }

    /** Offset in the pack at which frame {@code frame} ends, and the next frame or the footer begins. */
    public long endOffset(int frame) {
        return offset(frame) + FRAME_HEADER_SIZE + storedLength(frame);
    }

    /** Length in bytes of a pack with this footer. */
    public long packLength() {
        return endOffset(frameCount() - 1) + entries.length + PackFormat.TRAILER_SIZE;
    }

    public int storedLength(int frame) {
        return (int) INT.get(entries, frame * FOOTER_ENTRY_SIZE + 8);
    }

    public int rawLength(int frame) {
        return (int) INT.get(entries, frame * FOOTER_ENTRY_SIZE + 4);
    }

    public FrameHeader header(int frame) throws CorruptDataException {
        int at = frame * FOOTER_ENTRY_SIZE;
        return FrameHeader.fields(
                entries,
                at,
                (int) INT.get(entries, at + 4),
                (int) INT.get(entries, at + 8),
                at + 16,
                (long) LONG.get(entries, at + 48),
                object,
                offset(frame));
    }

    /** The id that a pack with this footer must have. */
    ChunkId packId() {
        return new ChunkHasher().id(entries);
    }

    /**
     * Decodes a footer and checks every entry, even though the SHA-256 of its bytes already matches the pack's name.
     *
     * @param footerOffset where the footer starts in the pack, which is where the frames end
     */
    static PackFooter read(byte[] entries, String object, long footerOffset) throws CorruptDataException {
        PackFooter footer = new PackFooter(entries, object);
        long expected = HEADER_SIZE;
        for (int frame = 0; frame < footer.frameCount(); frame++) {
            FrameHeader header = footer.header(frame);
            if (footer.offset(frame) != expected) {
                throw new CorruptDataException(
                        object,
                        footerOffset + (long) frame * FOOTER_ENTRY_SIZE,
                        "frame " + frame + " at " + expected,
                        "" + footer.offset(frame));
            }
            expected += header.frameLength();
        }
        if (expected != footerOffset) {
            throw new CorruptDataException(object, footerOffset, "the footer at " + expected, "" + footerOffset);
        }
        return footer;
    }

    /** Collects entries while a pack is written. */
    static final class Builder {
        private byte[] entries = new byte[256 * FOOTER_ENTRY_SIZE];
        private int used;

        void add(FrameHeader header, long offset) {
            if (used == entries.length) {
                entries = Arrays.copyOf(entries, used * 2);
            }
            entries[used] = (byte) header.kind().code();
            entries[used + 1] = (byte) header.codec().code();
            INT.set(entries, used + 4, header.rawLength());
            INT.set(entries, used + 8, header.storedLength());
            INT.set(entries, used + 12, Math.toIntExact(offset));
            header.id().write(entries, used + 16);
            LONG.set(entries, used + 48, header.payloadHash());
            used += FOOTER_ENTRY_SIZE;
        }

        int frameCount() {
            return used / FOOTER_ENTRY_SIZE;
        }

        PackFooter build(String object) {
            return new PackFooter(Arrays.copyOf(entries, used), object);
        }
    }

    byte[] bytes() {
        return entries;
    }

    /** Returns the trailer that follows this footer. */
    byte[] trailer(long footerOffset) {
        byte[] trailer = new byte[PackFormat.TRAILER_SIZE];
        LONG.set(trailer, 0, footerOffset);
        INT.set(trailer, 8, entries.length);
        long[] hash = XxHash.hash128(entries, 0, entries.length);
        LONG.set(trailer, 16, hash[0]);
        LONG.set(trailer, 24, hash[1]);
        LONG.set(trailer, 32, PackFormat.TRAILER_MAGIC);
        return trailer;
    }

    /** Size in bytes of the smallest pack: one frame with one byte of payload. */
    static final long MIN_PACK_SIZE =
            HEADER_SIZE + FRAME_HEADER_SIZE + 1L + FOOTER_ENTRY_SIZE + PackFormat.TRAILER_SIZE;
}
