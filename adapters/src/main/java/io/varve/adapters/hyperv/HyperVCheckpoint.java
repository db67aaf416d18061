package io.varve.adapters.hyperv;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.engine.port.Checkpoint;
import io.varve.engine.port.CheckpointDisk;
import io.varve.engine.port.CheckpointFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A machine's frozen disks. They are closed before the checkpoint is converted, since the host merges into them. */
final class HyperVCheckpoint implements Checkpoint {
    private final HostObjects objects;
    private final List<CheckpointDisk> disks;
    private final List<NightTracker> trackers;
    private final List<CheckpointFile> files;
    private boolean isApplicationConsistent;
    private final After after;
    private boolean disksClosed;
    private IOException notClean; // what the reading left; null for nothing

    /**
     * What happens once the snapshot is durable.
     *
     * @param older reference points that earlier snapshots name
     * @param reading how the disks were read
     */
    record After(Leftovers leftovers, List<String> older, DiskReading reading) {}

    HyperVCheckpoint(
            HostObjects objects,
            List<CheckpointDisk> disks,
            List<NightTracker> trackers,
            List<CheckpointFile> files,
            boolean isApplicationConsistent,
            After after) {
        this.objects = objects;
        this.disks = List.copyOf(disks);
        this.trackers = List.copyOf(trackers);
        this.files = List.copyOf(files);
        this.isApplicationConsistent = isApplicationConsistent;
        this.after = after;
    }

    @Override
    public List<CheckpointDisk> disks() {
        return disks;
    }

    @Override
    public String consistency() {
        return isApplicationConsistent ? "application" : "crash";
    }

    @Override
    public Optional<UUID> machine() {
        return Optional.of(objects.checkpoint().machine());
    }

    @Override
    public List<CheckpointFile> files() {
        return files;
    }

    @Override
    public void finishReading() throws IOException {
        closeDisks();
        objects.convert();
        Optional<ReferencePoint> point = objects.point();
        // Without a reference point the host only says that it did what was requested.
        if (isApplicationConsistent && point.isPresent() && !point.get().isApplicationConsistent()) {
            isApplicationConsistent = false;
            objects.warn(
                    "crash-consistent",
                    "the host took the checkpoint without freezing the guest's applications, so the snapshot is"
                            + " crash-consistent; check the guest's integration services (on Linux,"
                            + " hv_vss_daemon)");
        }
        if (isApplicationConsistent && point.isEmpty()) {
            objects.notice("the snapshot is recorded as application-consistent because that was requested and the"
                    + " host did not object; the reference point that would confirm it could not be created");
        }
        for (NightTracker tracker : trackers) {
            tracker.named(point.flatMap(made -> made.changeId(tracker.disk())));
        }
    }

    @Override
    public Optional<String> sourceState() {
        Map<String, String> places = new LinkedHashMap<>();
        Map<String, String> ids = new LinkedHashMap<>();
        for (NightTracker tracker : trackers) {
            places.put(tracker.disk().place(), tracker.disk().file());
            tracker.id().ifPresent(id -> ids.put(tracker.disk().place(), id.toString()));
        }
        return Optional.of(new NightState(
                        objects.hostName(),
                        objects.checkpoint().id(),
                        objects.point().map(ReferencePoint::id),
                        after.reading().state(),
                        places,
                        ids)
                .encode());
    }

    /** Removes the reference points of earlier nights, which are no longer needed. */
    @Override
    public void commit(String snapshotId) throws IOException {
        objects.committed();
        after.reading().committed();
        after.leftovers().removePoints(after.older());
    }

    private void closeDisks() throws IOException {
        if (!disksClosed) {
            disksClosed = true;
            try {
                LayeredDisk.closeAll(disks.stream().map(CheckpointDisk::image).toList());
            } finally {
                try {
                    after.reading().end();
                } catch (IOException e) { // noted in the journal; the next night tries again
                    notClean = e;
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (objects) {
            closeDisks();
        }
        if (notClean != null) {
            throw notClean;
        }
    }
}
