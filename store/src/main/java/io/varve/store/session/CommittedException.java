package io.varve.store.session;

import io.varve.store.fault.Reason;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;

/** A snapshot was committed and exists, but a later step failed. No data depends on that step. */
public final class CommittedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Snapshot snapshot;

    CommittedException(Snapshot snapshot, IOException cause) {
        super("snapshot " + snapshot.id() + " is committed; after that: " + Reason.of(cause), cause);
        this.snapshot = snapshot;
    }

    public Snapshot snapshot() {
        return snapshot;
    }
}
