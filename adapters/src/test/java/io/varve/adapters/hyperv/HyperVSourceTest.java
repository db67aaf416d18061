package io.varve.adapters.hyperv;

import io.varve.engine.source.CheckpointSourceContract;
import java.io.IOException;

/** The life of a source, against the stand-in host over WS-Management. */
final class HyperVSourceTest extends CheckpointSourceContract {
    @Override
    protected Machine newMachine() throws IOException {
        return new HyperVMachine(temp);
    }
}
