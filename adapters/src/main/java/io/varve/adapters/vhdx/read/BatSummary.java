package io.varve.adapters.vhdx.read;

import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.DiskParameters;
import io.varve.adapters.vhdx.format.Faults;
import io.varve.adapters.vhdx.format.Region;
import io.varve.adapters.vhdx.format.VhdxFault;
import io.varve.adapters.vhdx.read.VhdxDescription.Row;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Counts the entries of a block allocation table by state. Never refuses an entry. */
final class BatSummary implements BlockTableScan.Visitor, Faults {
    /** Largest number of faults that are reported one by one; the others are only counted. */
    private static final int MOST_FAULTS = 10;

    private static final String[] STATES = {
        "not present",
        "undefined",
        "zero",
        "unmapped",
        "reserved state 4",
        "reserved state 5",
        "fully present",
        "partially present"
    };

    private final EntryRules rules;
    private final long[] blocks = new long[STATES.length];
    private final List<CorruptDataException> faults = new ArrayList<>();
    private long visited;
    private long bitmaps;
    private long faultCount;

    private BatSummary(EntryRules rules) {
        this.rules = rules;
    }

    static List<Row> of(ByteSource source, Region bat, DiskParameters parameters) throws IOException {
        BlockGeometry geometry = parameters.geometry();
        if (geometry.tableSize() > bat.length()) {
            throw EntryRules.tooShort(source.location(), bat, geometry);
        }
        EntryRules rules = new EntryRules(source.location(), source.size(), bat.offset(), geometry, List.of(bat));
        BatSummary summary = new BatSummary(rules);
        BlockTableScan.run(source, bat.offset(), geometry, summary);
        return summary.rows(bat.offset());
    }

    @Override
    public void payload(long block, long entry) throws IOException {
        visited++;
        blocks[BatEntry.stateCode(entry)]++;
        rules.checkPayload(block, entry, this);
    }

    @Override
    public void bitmap(long index, long entry) throws IOException {
        bitmaps++;
        rules.checkBitmap(index, entry, this);
    }

    @Override
    public void found(VhdxFault fault, Range lost, Supplier<? extends IOException> refusal) {
        faultCount++;
        if (faults.size() < MOST_FAULTS && refusal.get() instanceof CorruptDataException damage) {
            faults.add(damage);
        }
    }

    private List<Row> rows(long offset) {
        List<Row> rows = new ArrayList<>();
        BlockGeometry geometry = rules.geometry();
        rows.add(new Row("BAT", "entries", Long.toString(geometry.entryCount()), offset));
        rows.add(new Row("BAT", "chunk ratio", Integer.toString(geometry.chunkRatio()), -1));
        rows.add(new Row("BAT", "blocks", Long.toString(geometry.blockCount()), -1));
        blocks[0] += geometry.blockCount() - visited;
        for (int state = 0; state < STATES.length; state++) {
            if (blocks[state] > 0) {
                rows.add(new Row("BAT", "blocks " + STATES[state], Long.toString(blocks[state]), -1));
            }
        }
        if (bitmaps > 0) {
            rows.add(new Row("BAT", "sector bitmaps", Long.toString(bitmaps), -1));
        }
        for (CorruptDataException fault : faults) {
            rows.add(new Row(
                    "BAT", "problem", "expected " + fault.expected() + ", found " + fault.found(), fault.offset()));
        }
        if (faultCount > faults.size()) {
            rows.add(new Row("BAT", "problem", faultCount - faults.size() + " more damaged entries", offset));
        }
        return rows;
    }
}
