package io.varve.tools.output;

import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.tools.document.RangeEntry;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects the ranges that could not be restored, and reports them at the end in the order of the disk. Thread-safe.
 */
public final class DamageList {
    private final Output output;
    private final List<Range> ranges = new ArrayList<>();

    public DamageList(Output output) {
        this.output = output;
    }

    public synchronized void add(Range range, CorruptDataException why) {
        if (ranges.isEmpty()) {
            output.warning(WarningCode.DAMAGE, why.getMessage());
        }
        ranges.add(range);
    }

    public synchronized void finish() {
        if (ranges.isEmpty()) {
            return;
        }
        RangeSet all = RangeSet.of(ranges);
        output.warning(
                WarningCode.DAMAGED_ZEROS,
                ByteSize.text(all.totalLength()) + " in " + Count.of(all.count(), "range")
                        + " of the disk, damaged in the repository and written as zeros:");
        all.forEach(range -> output.notice("  offset " + range.offset() + " length " + range.length()));
    }

    /** In the order of the disk. */
    public synchronized List<RangeEntry> entries() {
        return RangeEntries.of(RangeSet.of(ranges));
    }
}
