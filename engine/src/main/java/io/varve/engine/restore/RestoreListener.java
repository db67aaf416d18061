package io.varve.engine.restore;

import io.varve.engine.range.Range;
import io.varve.store.fault.CorruptDataException;

/** Receives the progress of a restore. Called from any worker; must be quick. */
public interface RestoreListener {
    /** @param bytes bytes of the disk done since the last call, including zeros */
    void bytesDone(long bytes);

    /** A range of the disk cannot be restored, and zeros are written instead. Called only if damage is allowed. */
    void damaged(Range range, CorruptDataException why);
}
