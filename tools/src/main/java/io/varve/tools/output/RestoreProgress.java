package io.varve.tools.output;

import io.varve.engine.range.Range;
import io.varve.engine.restore.RestoreListener;
import io.varve.store.fault.CorruptDataException;

/** Shows the progress of a restore, and collects what is damaged. */
public record RestoreProgress(Progress progress, DamageList damage) implements RestoreListener {
    @Override
    public void bytesDone(long bytes) {
        progress.add(bytes);
    }

    @Override
    public void damaged(Range range, CorruptDataException why) {
        damage.add(range, why);
    }
}
