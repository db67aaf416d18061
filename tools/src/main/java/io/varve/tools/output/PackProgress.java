package io.varve.tools.output;

import io.varve.engine.Cancellation;
import io.varve.store.export.SnapshotExport;
import io.varve.store.repair.MissingParity;
import java.io.IOException;

/** How far something is that goes from pack to pack, and whether it is to stop. */
public final class PackProgress implements SnapshotExport.Listener, MissingParity.Listener, AutoCloseable {
    private final Output output;
    private final Cancellation cancellation;
    private final boolean shown;

    private Progress progress;

    public PackProgress(Output output, Cancellation cancellation, boolean shown) {

        this.output = output;
        this.cancellation = cancellation;
        this.shown = shown;
    }

    @Override
    public void started(int packs) {
        progress = Progress.count(output, "packs", packs, shown);
    }

    @Override
    public void packDone() {
        progress.add(1);
    }

    @Override
    public void check() throws IOException {
        cancellation.check();
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
