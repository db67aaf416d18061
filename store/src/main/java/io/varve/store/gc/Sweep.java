package io.varve.store.gc;

import io.varve.store.backend.Backend;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.index.ChunkIndex;
import io.varve.store.pack.PackFormat;
import io.varve.store.parity.Parity;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.SnapshotShelf;
import io.varve.store.trash.CondemnedLists;
import io.varve.store.trash.CondemnedPacks;
import io.varve.store.trash.Generation;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes packs that an earlier collection condemned, after this collection's marking has confirmed that nothing needs
 * them. If one is needed after all, its whole list is lifted, and each index enters the list's packs again when it next
 * catches up.
 */
final class Sweep {
    private final Backend backend;
    private final ChunkIndex index;
    private final Survey survey;
    private final CollectionListener listener;
    private final Set<SnapshotId> held;
    private final boolean deadMayGoOn;

    int deletedPacks;
    long deletedBytes;
    int rescuedPacks;

    /**
     * @param held forgotten snapshots whose manifests stay in the trash
     * @param deadMayGoOn whether another sweep, of somebody who is taken for dead, may be on its way
     */
    Sweep(
            Backend backend,
            ChunkIndex index,
            Survey survey,
            CollectionListener listener,
            Set<SnapshotId> held,
            boolean deadMayGoOn) {
        this.backend = backend;
        this.index = index;
        this.survey = survey;
        this.listener = listener;
        this.held = held;
        this.deadMayGoOn = deadMayGoOn;
    }

    /** Marks again, exactly, for the chunks that the filter leaves in doubt. */
    @FunctionalInterface
    interface Marking {
        void mark(ChunkSink sink) throws IOException;
    }

    void run(List<CondemnedPacks> lists, Marking marking) throws IOException {
        Set<ChunkId> going = new HashSet<>();
        lists.forEach(list -> going.addAll(list.packs()));
        Suspects suspects = new Suspects();
        Map<ChunkId, List<ChunkId>> unreplaced = new HashMap<>();
        Set<ChunkId> unreadable = new HashSet<>();
        for (ChunkId pack : going) {
            listener.check();
            try {
                List<ChunkId> chunks = survey.unreplaced(pack, going);
                if (!chunks.isEmpty()) {
                    unreplaced.put(pack, chunks);
                    chunks.forEach(suspects::suspect);
                }
            } catch (NoSuchFileException e) {
                // Deleted by a run that was interrupted.
            } catch (CorruptDataException e) {
                // Its content can no longer be determined, so it stays.
                unreadable.add(pack);
            }
        }
        if (!suspects.isEmpty()) {
            marking.mark(suspects);
        }
        for (CondemnedPacks list : lists) {
            long needed = list.packs().stream()
                    .filter(pack -> unreadable.contains(pack)
                            || unreplaced.getOrDefault(pack, List.of()).stream().anyMatch(suspects::isNeeded))
                    .count();
            if (needed == 0) {
                delete(list);
            } else {
                rescue(list, needed);
            }
        }
    }

    private void rescue(CondemnedPacks list, long needed) throws IOException {
        if (!new CondemnedLists(backend).lift(list, deadMayGoOn)) {
            listener.warning(
                    "condemned-pack-needed",
                    "list " + list.name() + " stays as it is: snapshots need " + Count.of(needed, "pack")
                            + " of it, but an interrupted gc had begun to delete them");
            return;
        }
        rescuedPacks += (int) needed;
        listener.warning(
                "condemned-pack-needed",
                "list " + list.name() + " was reinstated as a whole: snapshots need " + Count.of(needed, "pack")
                        + " of it");
        index.catchUp(backend, (done, total) -> {});
    }

    /** Deletes the list last: after an earlier crash the next run still finds it. */
    private void delete(CondemnedPacks list) throws IOException {
        Optional<Set<ChunkId>> packs = begin(list);
        if (packs.isEmpty()) {
            return;
        }
        if (!packs.get().isEmpty()) {
            Generation.advance(backend);
        }
        for (ChunkId pack : packs.get()) {
            listener.check();
            String name = PackFormat.objectName(pack);
            try {
                long size = backend.size(name);
                Parity.delete(backend, pack); // first, so that a crash leaves none without its pack
                backend.delete(name);
                deletedPacks++;
                deletedBytes += size;
                listener.deleted();
            } catch (NoSuchFileException e) {
                // Deleted by a run that was interrupted.
            }
        }
        SnapshotShelf shelf = new SnapshotShelf(backend);
        for (String snapshot : list.snapshots()) {
            SnapshotId id = new SnapshotId(snapshot);
            if (!held.contains(id)) {
                shelf.discard(id);
            }
        }
        new CondemnedLists(backend).end(list);
    }

    private Optional<Set<ChunkId>> begin(CondemnedPacks list) throws IOException {
        if (!deadMayGoOn) {
            return Optional.of(Set.copyOf(list.packs()));
        }
        try {
            return new CondemnedLists(backend).beginSweep(list);
        } catch (CorruptDataException e) {
            listener.warning("condemned-list-damaged", e.getMessage());
            return Optional.empty();
        }
    }
}
