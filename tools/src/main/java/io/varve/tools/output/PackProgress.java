package io.varve.tools.output;

import io.varve.engine.Cancellation;
import io.varve.store.export.SnapshotExport;
import io.varve.store.repair.MissingParity;
import java.io.IOException;

/** The progress of work that goes through packs one by one, and whether it is to stop. */
public final class PackProgress implements SnapshotExport.Listener, MissingParity.Listener, AutoCloseable {
    private final Output output;
    private final Cancellation cancellation;
    private final String phase;

    private Progress progress;

    /** @param phase what is being done */
    public PackProgress(Output output, String phase, Cancellation cancellation) {
        this.output = output;
        this.cancellation = cancellation;
        this.phase = phase;
    }

    @Override
    public void started(int packs) {
        progress = Progress.count(output, Subject.phase(phase), packs);
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
