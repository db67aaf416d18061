package io.varve.tools.output;

import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.tools.document.RangeEntry;
import java.util.ArrayList;
import java.util.List;

/** Converts ranges to documents. */
public final class RangeEntries {
    private RangeEntries() {}

    /** In the order of the disk. */
    public static List<RangeEntry> of(RangeSet ranges) {
        List<RangeEntry> entries = new ArrayList<>();
        ranges.forEach(range -> entries.add(of(range)));
        return entries;
    }

    public static RangeEntry of(Range range) {
        return new RangeEntry(range.offset(), range.length());
    }
}
