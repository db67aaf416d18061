package io.varve.adapters.rct;

import io.varve.engine.range.CoarseRanges;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Asks what changed on a whole disk, answer after answer. A partial answer is legal, and so is one without a range;
 * anything that cannot be true voids the list, since whoever answers nonsense once may have left something out as well.
 */
public final class ChangeQuery {
    /** Ranges of one answer. */
    public static final int CAPACITY = 1024;

    /** Answers; a disk of 64 TiB in pieces of 64 MiB. */
    static final int MOST_ANSWERS = 1 << 20;

    /** Ranges that answers told before it was their turn. */
    private static final int MOST_AHEAD = 1 << 16;

    /** 4 MiB of heap; more ranges are made coarser. */
    private static final int MOST_RANGES = 1 << 18;

    private ChangeQuery() {}

    /** One answer, see {@link ChangePage}. */
    @FunctionalInterface
    public interface Asked {
        ChangePage changes(long offset, long length) throws IOException;
    }

    /** The list cannot be true. */
    public static final class ImpossibleAnswerException extends IOException {
        private static final long serialVersionUID = 1L;

        /** @param message what was asked, and what was answered */
        public ImpossibleAnswerException(String message) {
            super(message);
        }
    }

    /**
     * @param size bytes of the disk
     * @return ranges inside the disk, sorted and joined
     * @throws ImpossibleAnswerException when an answer cannot be true, or they never end
     */
    public static RangeSet all(long size, Asked disk) throws IOException {
        CoarseRanges changed = new CoarseRanges(MOST_RANGES);
        List<Range> told = new ArrayList<>(); // and not added yet, since they lie behind what was processed
        long offset = 0;
        for (int answers = 0; offset < size; answers++) {
            long asked = size - offset;
            ChangePage page = disk.changes(offset, asked);
            if (page.processed() <= 0 || page.processed() > asked) {
                throw new ImpossibleAnswerException("asked for " + asked + " bytes from " + offset
                        + ", the answer says it covers " + Long.toUnsignedString(page.processed()));
            }
            if (answers == MOST_ANSWERS || told.size() > MOST_AHEAD) {
                throw new ImpossibleAnswerException(
                        "no end after " + answers + " answers, at " + offset + " of " + size);
            }
            add(page.ranges(), offset, size, told);
            offset += page.processed();
            told = passOn(told, offset, changed);
        }
        return changed.build();
    }

    private static void add(List<ChangePage.Told> ranges, long offset, long size, List<Range> told)
            throws ImpossibleAnswerException {
        for (ChangePage.Told range : ranges) {
            long from = range.offset();
            long length = range.length();
            if (from < offset || length <= 0 || length > Long.MAX_VALUE - from || from >= size) {
                throw new ImpossibleAnswerException("a changed range of " + Long.toUnsignedString(length) + " bytes at "
                        + Long.toUnsignedString(from) + ", asked about " + offset + " to " + size);
            }
            // One that runs past the end is rounded up by whoever made it.
            told.add(new Range(from, Math.min(length, size - from)));
        }
    }

    /** Adds what begins before {@code offset}, in order. @return the rest */
    private static List<Range> passOn(List<Range> told, long offset, CoarseRanges changed) {
        List<Range> later = new ArrayList<>();
        told.sort(Comparator.comparingLong(Range::offset));
        for (Range range : told) {
            if (range.offset() < offset) {
                changed.add(range.offset(), range.endOffset());
            } else {
                later.add(range);
            }
        }
        return later;
    }
}
