package io.varve.engine.restore;

import io.varve.engine.range.Range;
import io.varve.store.fault.CorruptDataException;

/** Told how a restore goes. Methods may be called from any worker; they must be quick. */
public interface RestoreListener {
    /** @param bytes of the disk that are done, zeros included */
    void bytesDone(long bytes);

    /** {@code range} of the disk cannot be had; zeros are written instead. Only with permission to go on. */
    void damaged(Range range, CorruptDataException why);
}
