package io.varve.store.gc;

import io.varve.store.chunk.ChunkId;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.RefusedException;
import io.varve.store.index.Place;
import io.varve.store.map.BlockMap;
import io.varve.store.map.MapPage;
import io.varve.store.map.MapShape;
import io.varve.store.pack.PackFormat;
import io.varve.store.session.ReadSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each snapshot and each machine alone needs: the bytes in packs that forgetting it, and nothing else, would free.
 * Walks all block maps; a page that several snapshots have in common is read at most three times, whatever their
 * number.
 *
 * <p>For one thread. Heap: 16 to 48 bytes for each chunk.
 */
public final class Holdings {
    private final ReadSession session;
    private final List<Snapshot> snapshots;
    private final long mostBytes;
    private final Listener listener;
    private final OwnerTable table = new OwnerTable();
    private final Map<String, Integer> machines = new HashMap<>();
    private final List<Integer> machineOf = new ArrayList<>(); // by number of the snapshot

    /** Receives progress. */
    public interface Listener {
        void snapshotDone();

        /** A snapshot that cannot be read as a whole counts as far as it can be read. */
        void damaged(Snapshot snapshot, CorruptDataException why);

        /** Throws an exception to stop. */
        void check() throws IOException;
    }

    /**
     * Bytes in packs.
     *
     * @param ofSnapshots what only this snapshot needs, in the order of the snapshots
     * @param ofMachines what only snapshots of this machine need, by its name
     * @param shared what snapshots of several machines need
     */
    public record Result(List<Long> ofSnapshots, Map<String, Long> ofMachines, long shared) {}

    /** @param mostBytes limit of heap */
    public Holdings(ReadSession session, List<Snapshot> snapshots, long mostBytes, Listener listener) {
        this.session = session;
        this.snapshots = List.copyOf(snapshots);
        this.mostBytes = mostBytes;
        this.listener = listener;
        for (Snapshot snapshot : snapshots) {
            machineOf.add(machines.computeIfAbsent(snapshot.manifest().machine(), name -> machines.size()));
        }
    }

    /*
     * An owner is the number of a snapshot; behind these, the number of a machine of which several snapshots need the
     * chunk; behind these, everybody. What is below a page is needed by whoever needs the page, so where a page's owner
     * does not change, nothing below it does.
     */

    private int ofMachine(int machine) {
        return snapshots.size() + machine;
    }

    private int everybody() {
        return snapshots.size() + machines.size();
    }

    private int join(int owner, int snapshot) {
        if (owner == OwnerTable.NONE || owner == snapshot) {
            return snapshot;
        }
        int machine = owner < snapshots.size() ? machineOf.get(owner) : owner - snapshots.size();
        return machine == machineOf.get(snapshot) ? ofMachine(machine) : everybody();
    }

    /** @throws RefusedException when the repository has too many chunks for the heap */
    public Result compute() throws IOException {
        for (int i = 0; i < snapshots.size(); i++) {
            try {
                add(i, snapshots.get(i).manifest());
            } catch (CorruptDataException e) {
                listener.damaged(snapshots.get(i), e);
            }
            listener.snapshotDone();
        }
        long[] sums = new long[everybody() + 1];
        table.forEach((owner, length) -> sums[owner] += length);
        List<Long> ofSnapshots = new ArrayList<>();
        Map<String, Long> ofMachines = new HashMap<>();
        machines.forEach((name, number) -> ofMachines.put(name, sums[ofMachine(number)]));
        for (int i = 0; i < snapshots.size(); i++) {
            ofSnapshots.add(sums[i]);
            ofMachines.merge(snapshots.get(i).manifest().machine(), sums[i], Long::sum);
        }
        return new Result(ofSnapshots, ofMachines, sums[everybody()]);
    }

    private void add(int snapshot, Manifest manifest) throws IOException {
        for (DiskRecord disk : manifest.disks()) {
            BlockMap map = session.map(disk);
            page(map, map.shape().rootLevel(), 0, map.root(), snapshot);
        }
        for (Manifest.FileRecord file : manifest.files()) {
            for (ChunkId piece : file.pieces()) {
                mark(piece, snapshot);
            }
        }
    }

    private void page(BlockMap map, int level, long index, ChunkId id, int snapshot) throws IOException {
        if (!mark(id, snapshot)) {
            return;
        }
        listener.check();
        MapPage page = map.read(id, level, index);
        for (int entry = 0; entry < MapShape.FAN_OUT; entry++) {
            if (level == 0) {
                mark(page.id(entry), snapshot);
            } else {
                page(map, level - 1, index * MapShape.FAN_OUT + entry, page.id(entry), snapshot);
            }
        }
    }

    /** @return whether the chunk's owner changed */
    private boolean mark(ChunkId id, int snapshot) throws IOException {
        if (id.isZero()) {
            return false;
        }
        int before = table.owner(id);
        int after = join(before, snapshot);
        if (before == OwnerTable.NONE) {
            if (table.bytesToGrow() > mostBytes) {
                throw new RefusedException("this repository has too many chunks to be added up in " + (mostBytes >> 20)
                        + " MiB of memory: give Java more, as in VARVE_JAVA_OPTS=-Xmx8g");
            }
            Place place = session.find(id);
            table.add(id, after, place == null ? 0 : PackFormat.FRAME_HEADER_SIZE + place.storedLength());
        } else if (after != before) {
            table.change(id, after);
        }
        return after != before;
    }
}
