package io.varve.adapters.hyperv;

import io.varve.engine.source.CheckpointSourceContract;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The life of a source, against the stand-in host over WS-Management. */
final class HyperVSourceTest extends CheckpointSourceContract {
    @Override
    protected Machine newMachine() throws IOException {
        return new HyperVMachine(temp);
    }

    /** Some fifty steps, with a night after a crash at each. */
    @Override
    @Tag("long")
    @Test
    protected void aCrashAtAnyStepIsDealtWithByTheNextNight() throws IOException {
        super.aCrashAtAnyStepIsDealtWithByTheNextNight();
    }
}
