package io.varve.store.gc;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.pack.PackFooter;
import io.varve.store.pack.PackReader;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.trash.CondemnedPacks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Snapshots that were committed between marking and proposing a list. Sessions that commit later see the proposal and
 * rescue the packs they need themselves.
 */
final class LateSnapshots {
    private final WriteSession session;
    private final List<Snapshot> marked;

    LateSnapshots(WriteSession session, List<Snapshot> marked) {
        this.session = session;
        this.marked = marked;
    }

    /**
     * The packs of a proposed list that these snapshots need.
     *
     * @param salt of the filter
     */
    Set<ChunkId> neededOf(CondemnedPacks list, long salt) throws IOException {
        Repository repository = session.repository();
        Set<SnapshotId> known = marked.stream().map(Snapshot::id).collect(Collectors.toSet());
        List<Snapshot> late = new ArrayList<>(repository.snapshots().list().snapshots());
        late.removeIf(snapshot -> known.contains(snapshot.id()));
        Set<ChunkId> needed = new HashSet<>();
        if (late.isEmpty()) {
            return needed;
        }
        session.lookAround();
        LiveFilter live = new LiveFilter(session.index().estimatedChunks(), salt);
        Mark.run(late, session.pages(), live, () -> {}, () -> {});
        Suspects suspects = new Suspects();
        Map<ChunkId, List<ChunkId>> mayBeNeeded = new HashMap<>();
        for (ChunkId pack : list.packs()) {
            PackFooter footer = PackReader.footer(repository.backend(), pack);
            for (int frame = 0; frame < footer.frameCount(); frame++) {
                ChunkId id = footer.id(frame);
                if (live.mayHave(id)) {
                    suspects.suspect(id);
                    mayBeNeeded.computeIfAbsent(pack, key -> new ArrayList<>()).add(id);
                }
            }
        }
        Mark.run(late, session.pages(), suspects, () -> {}, () -> {});
        mayBeNeeded.forEach((pack, chunks) -> {
            if (chunks.stream().anyMatch(suspects::isNeeded)) {
                needed.add(pack);
            }
        });
        return needed;
    }
}
