package io.varve.adapters.vhdx.check;

import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Finds non-zero bytes between the structures of the first MiB, which are reserved (MS-VHDX 2.2). */
final class HeaderSectionGaps {
    private static final int PIECE = 64 * VhdxFormat.KIB;

    /** Start and end of each gap. The space after the entries of a region table is covered by its checksum. */
    private static final long[][] GAPS = {
        {VhdxFormat.CREATOR_AT + VhdxFormat.CREATOR_SIZE, VhdxFormat.HEADER_1_OFFSET},
        {VhdxFormat.HEADER_1_OFFSET + VhdxFormat.HEADER_SIZE, VhdxFormat.HEADER_2_OFFSET},
        {VhdxFormat.HEADER_2_OFFSET + VhdxFormat.HEADER_SIZE, VhdxFormat.REGION_TABLE_1_OFFSET},
        {VhdxFormat.REGION_TABLE_2_OFFSET + VhdxFormat.REGION_TABLE_SIZE, VhdxFormat.MIB}
    };

    private HeaderSectionGaps() {}

    static void run(ByteSource source, FindingList findings) throws IOException {
        for (long[] gap : GAPS) {
            long end = Math.min(gap[1], source.size());
            long at = firstUsed(source, gap[0], end);
            if (at < end) {
                findings.found(VhdxFault.STALE_BYTES, at, "zeros between the structures", "something forgotten");
            }
        }
    }

    /** Returns the offset of the first non-zero byte in {@code [offset, end)}; {@code end} or more if there is none. */
    private static long firstUsed(ByteSource source, long offset, long end) throws IOException {
        for (long at = offset; at < end; at += PIECE) {
            int length = (int) Math.min(PIECE, end - at);
            ByteBuffer bytes = StructureReader.read(source, at, length, "header section");
            int used = bytes.mismatch(ByteBuffer.allocate(length));
            if (used >= 0) {
                return at + used;
            }
        }
        return end;
    }
}
