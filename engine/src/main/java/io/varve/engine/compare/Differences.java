package io.varve.engine.compare;

import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.util.ArrayList;
import java.util.List;

/** The differences that several threads have found. The sum is exact, the list is bounded. Thread-safe. */
final class Differences {
    /** Number of ranges that are kept before they are merged; about 40 bytes each. */
    static final int MOST = 1 << 20;

    private final List<Range> found = new ArrayList<>();
    private long bytes;
    private boolean complete = true;
    private volatile boolean closed;

    synchronized void add(Range range) {
        bytes += range.length();
        if (found.size() < MOST) {
            found.add(range);
        } else {
            complete = false;
        }
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized RangeSet ranges() {
        return RangeSet.of(found);
    }

    synchronized boolean isComplete() {
        return complete;
    }

    /** Called after a failure, so that the other threads stop. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
