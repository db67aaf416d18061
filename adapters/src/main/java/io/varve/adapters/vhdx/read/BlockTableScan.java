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
 * Reads the whole block allocation table once, in order, in pieces of 1 MiB. Holes known to the file system are
 * skipped, and so are zero entries (never written), so the table of a large and mostly empty disk costs little. A full
 * table of 512 MiB is read completely.
 */
public final class BlockTableScan {
    private static final int PIECE = VhdxFormat.MIB;

    private BlockTableScan() {}

    /** Receives each entry that is not zero, unchecked, as it is in the file. */
    public interface Visitor {
        void payload(long block, long entry) throws IOException;

        /** @param index position in the table */
        default void bitmap(long index, long entry) throws IOException {}
    }

    public static void run(ByteSource source, long tableOffset, BlockGeometry geometry, Visitor visitor)
            throws IOException {
        run(source, new Range(tableOffset, geometry.tableSize()), geometry, visitor);
    }

    /** As above, for a table that ends before the disk does; {@code table} is the part of it that is in the file. */
    public static void run(ByteSource source, Range table, BlockGeometry geometry, Visitor visitor) throws IOException {
        long tableOffset = table.offset();
        // Reading a short table is faster than asking the file system for holes.
        RangeSet parts = table.length() <= PIECE ? RangeSet.of(table) : source.dataRanges(table);
        for (Range data : parts) {
            // A hole may begin or end within an entry. That entry is read completely.
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
                // The last chunk of a differencing disk may have entries beyond the end of the disk. They have no
                // meaning.
                visitor.payload(geometry.blockOf(index), entry);
            }
        }
    }
}
