package io.varve.engine.port;

import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A target that exists already and is brought to the wanted content in place: what is there can be read and compared
 * first. Closing it keeps what was written.
 */
public interface ExistingDisk extends DiskTarget {
    /** Fills {@code target} with the present content at {@code offset}; same contract as {@link DiskImage#read}. */
    void read(long offset, ByteBuffer target) throws IOException;

    /**
     * The parts of {@code window} that may hold something else than zeros at this moment; same contract as
     * {@link DiskImage#allocated}. Asked for ranges that nobody is writing to.
     */
    RangeSet allocated(Range window) throws IOException;
}
