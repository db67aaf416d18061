package io.varve.engine.port;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A target that exists already and is brought to the wanted content in place: what is there can be read and compared
 * first. Closing it keeps what was written.
 */
public interface ExistingDisk extends DiskTarget {
    /** Fills {@code target} with the present content at {@code offset}; same contract as {@link DiskImage#read}. */
    void read(long offset, ByteBuffer target) throws IOException;
}
