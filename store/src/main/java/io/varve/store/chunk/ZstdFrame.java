package io.varve.store.chunk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Finds where a Zstandard frame ends (RFC 8878, section 3.1.1). The library accepts any sequence of frames, skippable
 * ones included; a valid payload is exactly one frame.
 */
final class ZstdFrame {
    private static final int MAGIC = 0xFD2FB528;
    private static final int RLE = 1;
    private static final int RESERVED = 3;

    private ZstdFrame() {}

    /** Whether the bytes from position to limit are exactly one frame without a dictionary. Neither moves. */
    static boolean isOne(ByteBuffer source) {
        ByteBuffer bytes = source.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.remaining() < 6 || bytes.getInt() != MAGIC) {
            return false;
        }
        int descriptor = bytes.get() & 0xFF;
        boolean singleSegment = (descriptor & 0x20) != 0;
        boolean hasDictionary = (descriptor & 3) != 0;
        int sizeCode = descriptor >>> 6;
        int sizeLength = sizeCode == 0 ? (singleSegment ? 1 : 0) : 1 << sizeCode;
        int checksum = (descriptor & 4) != 0 ? 4 : 0;
        long at = bytes.position() + (singleSegment ? 0L : 1L) + sizeLength;
        while (!hasDictionary && at + 3 <= bytes.limit()) {
            int header = bytes.getShort((int) at) & 0xFFFF | (bytes.get((int) at + 2) & 0xFF) << 16;
            int type = header >>> 1 & 3;
            at += 3 + (type == RLE ? 1 : header >>> 3);
            if (type == RESERVED) {
                return false;
            }
            if ((header & 1) != 0) {
                return at + checksum == bytes.limit();
            }
        }
        return false;
    }
}
