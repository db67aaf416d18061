package io.varve.engine.port;

import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An existing target that is restored in place: its present content can be read and compared first. Closing it keeps
 * the data written.
 */
public interface ExistingDisk extends DiskTarget {
    /** Fills {@code target} with the present content at {@code offset}; same contract as {@link DiskImage#read}. */
    void read(long offset, ByteBuffer target) throws IOException;

    /**
     * The parts of {@code window} that may hold data other than zeros now; same contract as
     * {@link DiskImage#allocated}. Called only for ranges that are not being written.
     */
    RangeSet allocated(Range window) throws IOException;
}
