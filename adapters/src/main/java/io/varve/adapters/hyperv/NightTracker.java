package io.varve.adapters.hyperv;

import io.varve.engine.port.ChangeTracker;
import io.varve.engine.port.Changes;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.UUID;

/** Change tracking of one disk on one night: what may be asked is up to the base, the answer comes from the reading. */
final class NightTracker implements ChangeTracker {
    private final HyperV host;
    private final CheckpointedDisk disk;
    private final Optional<UUID> id;
    private final Base base;
    private final ChangeTracker changes;
    private volatile Optional<String> token = Optional.empty();

    /** @param id of the disk; empty for a VHD */
    NightTracker(HyperV host, CheckpointedDisk disk, Optional<UUID> id, Base base, ChangeTracker changes) {
        this.host = host;
        this.disk = disk;
        this.id = id;
        this.base = base;
        this.changes = changes;
    }

    CheckpointedDisk disk() {
        return disk;
    }

    Optional<UUID> id() {
        return id;
    }

    /** The change id that tonight's reference point gave the disk. */
    void named(Optional<String> changeId) {
        token = changeId;
    }

    @Override
    public Changes changesSince(String since) throws IOException {
        if (!changes.readsUnchanged()) {
            return changes.changesSince(since); // the host was asked before it took only what changed
        }
        try {
            Optional<Changes.Unknown> refusal = base.refusal(host, disk, since);
            return refusal.isPresent() ? refusal.get() : changes.changesSince(since);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) { // costs tonight's list, not tonight's change id
            return new Changes.Unknown("change-tracking-failed", "the change tracking failed: " + e.getMessage());
        }
    }

    @Override
    public boolean readsUnchanged() {
        return changes.readsUnchanged();
    }

    @Override
    public Optional<String> token() {
        return token;
    }
}
