package io.varve.adapters.rct;

import java.util.List;

/**
 * What changed, as far as Windows tells in one answer.
 *
 * @param ranges as Windows gave them; not to be trusted
 * @param processed bytes from the offset asked about of which the answer tells; 0 for no progress
 */
public record ChangePage(List<Told> ranges, long processed) {
    public ChangePage {
        ranges = List.copyOf(ranges);
    }

    /** A changed range, as it was told: in bytes of the virtual disk, if it is true. */
    public record Told(long offset, long length) {}
}
