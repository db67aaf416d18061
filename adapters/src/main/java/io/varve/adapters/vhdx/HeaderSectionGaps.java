package io.varve.adapters.vhdx;

import io.varve.engine.port.ByteSource;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Looks for forgotten bytes between the structures of the first MiB, which are reserved (MS-VHDX 2.2). */
final class HeaderSectionGaps {
    /** Begin and end of each gap. The space behind the entries of a region table is inside its checksum. */
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
            if (gap[0] >= end) {
                continue;
            }
            int length = (int) (end - gap[0]);
            ByteBuffer bytes = StructureReader.read(source, gap[0], length, "header section");
            int used = bytes.mismatch(ByteBuffer.allocate(length));
            if (used >= 0) {
                findings.found(
                        VhdxFault.STALE_BYTES, gap[0] + used, "zeros between the structures", "something forgotten");
            }
        }
    }
}
