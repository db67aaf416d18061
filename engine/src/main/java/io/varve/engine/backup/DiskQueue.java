package io.varve.engine.backup;

import io.varve.engine.port.CheckpointDisk;
import io.varve.store.snapshot.DiskRecord;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * The disks of a checkpoint. Each thread that calls this backs up one disk after the other until there is none left;
 * several threads back up several disks at once. Disks are started in the checkpoint's order. The decision how to read
 * a disk is made for one disk at a time, since it queries the source for changes and the repository for completeness.
 * Thread-safe.
 */
final class DiskQueue implements Callable<Void> {
    private final List<CheckpointDisk> disks;
    private final List<DiskPairing.Pair> pairs;
    private final Night night;
    private final TreeMap<Integer, DiskRecord> records = new TreeMap<>();
    private int begun;

    DiskQueue(List<CheckpointDisk> disks, List<DiskPairing.Pair> pairs, Night night) {
        this.disks = disks;
        this.pairs = pairs;
        this.night = night;
    }

    /** @throws IOException the first failure of any disk; it stops all disks */
    @Override
    public Void call() throws IOException {
        try {
            DiskBackup disk;
            while ((disk = next()) != null) {
                done(disk.number(), disk.run());
            }
        } catch (IOException | RuntimeException | Error e) {
            night.stop().because(e);
        }
        night.stop().check();
        return null;
    }

    private synchronized DiskBackup next() throws IOException {
        night.stop().check();
        if (begun == disks.size()) {
            return null;
        }
        int i = begun++;
        return new DiskBackup(i + 1, disks.get(i), pairs.get(i), night);
    }

    private void done(int number, DiskRecord record) {
        synchronized (records) {
            records.put(number, record);
        }
    }

    /** The results in the checkpoint's order. Called when all callers have returned. */
    List<DiskRecord> records() {
        synchronized (records) {
            return List.copyOf(records.values());
        }
    }
}
