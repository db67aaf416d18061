package io.varve.store.copy;

import io.varve.store.snapshot.Placement;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotOrder.Placed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides where a copied snapshot goes among the machine's snapshots in the target: after those that it follows in the
 * source, and before those that follow it there. Among snapshots of the target that the source does not know, time
 * decides.
 */
final class CopyPlaces {
    private final List<Snapshot> sources;
    private final SnapshotCatalog target;

    /** @param sources the snapshots in the source, oldest first */
    CopyPlaces(List<Snapshot> sources, SnapshotCatalog target) {
        this.sources = sources;
        this.target = target;
    }

    /** @param there the snapshots in the target */
    Placement of(Snapshot snapshot, List<Snapshot> there) throws IOException {
        String machine = snapshot.manifest().machine();
        List<Placed> placed = target.placed(there.stream()
                .filter(other -> other.manifest().machine().equals(machine))
                .toList());
        List<SnapshotId> ids = placed.stream().map(place -> place.head().id()).toList();
        List<SnapshotId> inSource = new ArrayList<>();
        for (Snapshot source : sources) {
            if (source.manifest().machine().equals(machine)) {
                inSource.add(source.id());
            }
        }
        int self = inSource.indexOf(snapshot.id());
        int before = -1;
        int after = ids.size();
        for (int i = 0; i < inSource.size(); i++) {
            int at = ids.indexOf(inSource.get(i));
            if (at >= 0 && i < self) {
                before = Math.max(before, at);
            } else if (at >= 0 && i > self) {
                after = Math.min(after, at);
            }
        }
        boolean agree = before < after;
        return Placement.at(
                placed,
                snapshot.manifest().startedAt(),
                agree ? before : -1,
                agree ? after : ids.size(),
                snapshot.manifest().sequence());
    }
}
