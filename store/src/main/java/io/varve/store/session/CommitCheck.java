package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.index.Place;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapShape;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Manifest.FileRecord;
import io.varve.store.trash.CondemnedLists;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Checks, before and after a session publishes a manifest, that every pack it relies on exists and will not be deleted.
 * It takes two listings; the maps are walked only if a pack in the index has vanished, or if a collection has condemned
 * packs since the session began.
 */
final class CommitCheck {
    private final Repository repository;
    private final CondemnedLists lists;
    private final WorkingIndex index;
    private final int epoch;
    private final Manifest manifest;

    /** @param epoch of the index when the session began */
    CommitCheck(Repository repository, WorkingIndex index, int epoch, Manifest manifest) {
        this.repository = repository;
        this.lists = new CondemnedLists(repository.backend());
        this.index = index;
        this.epoch = epoch;
        this.manifest = manifest;
    }

    /**
     * Takes packs that the manifest needs off the lists of condemned and proposed packs. No collection deletes them
     * before that, since those lists are newer than this session.
     */
    void rescueCondemned() throws IOException {
        Set<ChunkId> condemned = lists.allWithProposed();
        condemned.removeIf(pack -> !index.knowsPack(pack));
        if (condemned.isEmpty()) {
            return;
        }
        Set<ChunkId> needed = new HashSet<>();
        walk(id -> {
            Place place = index.find(id);
            if (place != null && condemned.contains(place.packId())) {
                needed.add(place.packId());
            }
            return place;
        });
        lists.rescue(needed);
    }

    /** @throws CorruptDataException when a pack that the manifest needs is gone */
    void checkNothingVanished() throws IOException {
        Set<ChunkId> vanished = index.vanished();
        if (!vanished.isEmpty() || index.epoch() != epoch) {
            checkComplete(vanished);
        }
    }

    /** As {@link #checkNothingVanished}, whatever the index believes: for a manifest that this session did not make. */
    void checkEverythingIsThere() throws IOException {
        checkComplete(index.vanished());
    }

    private void checkComplete(Set<ChunkId> vanished) throws IOException {
        if (!vanished.isEmpty()) {
            index.forgetVanished(vanished);
        }
        String incomplete = walk(index::find);
        if (incomplete != null) {
            throw new CorruptDataException(
                    "packs"
                            + (vanished.isEmpty()
                                    ? ""
                                    : "/" + vanished.iterator().next().hex()),
                    -1,
                    "every pack that was there when the backup began",
                    (vanished.isEmpty() ? "some packs" : Count.of(vanished.size(), "pack")) + " gone that " + incomplete
                            + " needs; nothing was committed. Run the backup again: it reads what is missing from"
                            + " the disk");
        }
    }

    /** Looks up everything the manifest needs. Returns the first disk or file with a missing chunk, or null. */
    private String walk(ChunkLookup lookup) throws IOException {
        String incomplete = null;
        PageReader pages = new PageReader(repository, lookup);
        for (DiskRecord disk : manifest.disks()) {
            BlockMap map = new BlockMap(MapShape.of(disk.size(), disk.blockSize()), disk.mapRoot(), pages);
            if (!MapPresence.isComplete(map, pages, lookup) && incomplete == null) {
                incomplete = "disk " + disk.name();
            }
        }
        for (FileRecord file : manifest.files()) {
            for (ChunkId piece : file.pieces()) {
                boolean there = piece.isZero() || lookup.find(piece) != null;
                incomplete = there || incomplete != null ? incomplete : "file " + file.name();
            }
        }
        return incomplete;
    }
}
