package io.varve.adapters.smb.wire;

import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.nio.ByteBuffer;

/**
 * Where a file has data (MS-FSCC 2.3.47, 2.3.48).
 *
 * @param ranges inside the window that was asked about
 * @param end the end of the last of them, from where to go on if there are more; the window's begin if there is none
 */
public record AllocatedRanges(RangeSet ranges, long end) {
    private static final int ENTRY = 16;

    /** Bytes of output that hold this many ranges. */
    public static int length(int ranges) {
        return ranges * ENTRY;
    }

    public static byte[] input(Range window) {
        return Request.all(Request.body(ENTRY).putLong(0, window.offset()).putLong(8, window.length()));
    }

    /** @throws BadReplyException when the ranges are not sorted and disjoint, or do not touch the window */
    public static AllocatedRanges decode(ByteBuffer output, Range window) throws BadReplyException {
        String what = "the question for allocated ranges";
        if (output.limit() % ENTRY != 0) {
            throw new BadReplyException(what, "entries of " + ENTRY + " bytes", output.limit() + " bytes");
        }
        RangeSet.Builder ranges = new RangeSet.Builder();
        long end = window.offset();
        for (int at = 0; at < output.limit(); at += ENTRY) {
            long offset = output.getLong(at);
            long length = output.getLong(at + 8);
            long rangeEnd = offset + length;
            // The first range may begin before the window: servers round to their clusters.
            boolean isInOrder = offset >= 0 && length > 0 && rangeEnd > end && (at == 0 || offset >= end);
            if (!isInOrder || offset >= window.endOffset()) {
                throw new BadReplyException(
                        what, "ranges in order from " + end + " on", length + " bytes at " + offset);
            }
            ranges.add(Math.max(offset, window.offset()), Math.min(rangeEnd, window.endOffset()));
            end = rangeEnd;
        }
        return new AllocatedRanges(ranges.build(), end);
    }
}
