package io.varve.adapters.vhdx.read;

import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.StructureReader;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;

/**
 * Goes through the whole block allocation table once, in order, in pieces of 1 MiB. Holes that the file system knows
 * are skipped, and so are entries that are zero (never written), so the table of a large and mostly empty disk costs
 * little; a full one of 512 MiB costs reading it.
 */
public final class BlockTableScan {
    private static final int PIECE = VhdxFormat.MIB;

    private BlockTableScan() {}

    /** Told of every entry that is not zero. Entries come as they are in the file, unchecked. */
    public interface Visitor {
        void payload(long block, long entry) throws IOException;

        /** @param index position in the table */
        default void bitmap(long index, long entry) throws IOException {}
    }

    public static void run(ByteSource source, long tableOffset, BlockGeometry geometry, Visitor visitor)
            throws IOException {
        run(source, new Range(tableOffset, geometry.tableSize()), geometry, visitor);
    }

    /** As above, of a table that ends before the disk does: {@code table} is the part of it in the file. */
    public static void run(ByteSource source, Range table, BlockGeometry geometry, Visitor visitor) throws IOException {
        long tableOffset = table.offset();
        // A short table is read faster than the file system is asked about it.
        RangeSet parts = table.length() <= PIECE ? RangeSet.of(table) : source.dataRanges(table);
        for (Range data : parts) {
            // A hole may begin or end inside an entry; the entry is then read whole.
            long offset = tableOffset + (data.offset() - tableOffset) / BatEntry.SIZE * BatEntry.SIZE;
            while (offset < data.endOffset()) {
                long wanted = Math.min(PIECE, data.endOffset() - offset);
                int length = (int) ((wanted + BatEntry.SIZE - 1) / BatEntry.SIZE * BatEntry.SIZE);
                ByteBuffer bytes = StructureReader.read(source, offset, length, "part of the BAT");
                visit(bytes.asLongBuffer(), (offset - tableOffset) / BatEntry.SIZE, geometry, visitor);
                offset += length;
            }
        }
    }

    private static void visit(LongBuffer entries, long first, BlockGeometry geometry, Visitor visitor)
            throws IOException {
        for (int i = 0; i < entries.limit(); i++) {
            long entry = entries.get(i);
            if (entry == 0) {
                continue;
            }
            long index = first + i;
            if (geometry.isBitmap(index)) {
                visitor.bitmap(index, entry);
            } else if (geometry.blockOf(index) < geometry.blockCount()) {
                // The last chunk of a differencing disk may have entries behind the disk's end; they mean nothing.
                visitor.payload(geometry.blockOf(index), entry);
            }
        }
    }
}
