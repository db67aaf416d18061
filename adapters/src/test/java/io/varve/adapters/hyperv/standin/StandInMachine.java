package io.varve.adapters.hyperv.standin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** A machine of the host. */
public final class StandInMachine {
    static final String CONTROLLER = "83F8638B-8DCA-4152-9EDA-2CA8B33039B4";

    /**
     * A checkpoint.
     *
     * @param frozen the frozen file of each disk
     * @param moments of each disk's history
     * @param contents of each disk
     */
    record Snapshot(
            UUID id,
            boolean isRecovery,
            int consistency,
            Map<StandInDisk, StandInDisk.Layer> frozen,
            Map<StandInDisk, Long> moments,
            Map<StandInDisk, byte[]> contents) {}

    /** A reference point, as it is shown. */
    record Point(String id, List<String> disks, List<String> changeIds, int consistency) {}

    final UUID id;
    final String name;
    final Path folder;
    final List<StandInDisk> disks = new ArrayList<>();
    final List<Snapshot> snapshots = new ArrayList<>();
    final List<Point> points = new ArrayList<>();
    final List<StandInDisk.Layer> toMerge = new ArrayList<>();
    final List<String> passThrough = new ArrayList<>();
    volatile int state = 2;
    private int places;

    StandInMachine(String name, Path folder) throws IOException {
        this(name, folder, UUID.randomUUID());
    }

    StandInMachine(String name, Path folder, UUID id) throws IOException {
        this.id = id;
        this.name = name;
        this.folder = Files.createDirectories(folder);
        Path machines = Files.createDirectories(folder.resolve("Snapshots"));
        Files.writeString(machines.resolve("config.vmcx"), "configuration of " + name);
        Files.writeString(machines.resolve("config.vmrs"), "runtime state of " + name);
    }

    public UUID id() {
        return id;
    }

    public List<StandInDisk> disks() {
        return List.copyOf(disks);
    }

    public StandInDisk addDisk(int size) throws IOException {
        return addDisk(size, UUID.randomUUID());
    }

    private StandInDisk addDisk(int size, UUID diskId) throws IOException {
        int place = places++;
        StandInDisk disk = new StandInDisk(folder.resolve("disk" + place + ".vhdx"), size, place, diskId);
        disks.add(disk);
        return disk;
    }

    /** Also attaches a VHD set of another machine, at the same place. */
    public void attach(StandInDisk set) {
        disks.add(set);
        places = Math.max(places, set.place + 1);
    }

    /** Attaches a file that is there. */
    StandInDisk attach(Path file, int place) throws IOException {
        StandInDisk disk = new StandInDisk(file, place);
        disks.add(disk);
        places = Math.max(places, place + 1);
        return disk;
    }

    /** As {@code EnabledState} says it: 2 running, 3 off. */
    public void state(int number) {
        state = number;
    }

    public int state() {
        return state;
    }

    /** A copy of a disk's file, attached to the same machine: it has the same id. */
    public StandInDisk cloneDisk(StandInDisk original) throws IOException {
        StandInDisk copy = addDisk(original.size(), original.id);
        copy.write(0, original.content());
        return copy;
    }

    /** Detaches a disk. Its files stay where they are. */
    public void removeDisk(StandInDisk disk) {
        disks.remove(disk);
    }

    /** Attaches two disks at each other's place. */
    public void swap(StandInDisk one, StandInDisk other) {
        int place = one.place;
        one.place = other.place;
        other.place = place;
    }

    /** Also a pass-through disk, which no checkpoint contains. */
    public void addPassThrough(String label) {
        passThrough.add(label);
    }

    Snapshot freeze(boolean isRecovery, int consistency) throws IOException {
        return freeze(isRecovery, consistency, new LinkedHashMap<>());
    }

    /** @param together what was frozen at the same moment, for other machines too */
    Snapshot freeze(boolean isRecovery, int consistency, Map<StandInDisk, StandInDisk.Layer> together)
            throws IOException {
        Map<StandInDisk, StandInDisk.Layer> frozen = new LinkedHashMap<>();
        Map<StandInDisk, Long> moments = new LinkedHashMap<>();
        Map<StandInDisk, byte[]> contents = new LinkedHashMap<>();
        for (StandInDisk disk : disks) {
            moments.put(disk, disk.moment());
            contents.put(disk, disk.content());
            StandInDisk.Layer layer = together.get(disk);
            if (layer == null) {
                layer = disk.freeze();
                together.put(disk, layer);
            }
            frozen.put(disk, layer);
        }
        Snapshot snapshot = new Snapshot(UUID.randomUUID(), isRecovery, consistency, frozen, moments, contents);
        snapshots.add(snapshot);
        return snapshot;
    }

    /** The change id that a reference point has for a disk, by controller and place. */
    static Optional<String> changeId(Point point, StandInDisk disk) {
        for (int i = 0; i < point.disks().size(); i++) {
            if (point.disks().get(i).endsWith("\\" + CONTROLLER + "\\0\\" + disk.place + "\\D")) {
                return Optional.of(point.changeIds().get(i));
            }
        }
        return Optional.empty();
    }

    void mergeAll() throws IOException {
        for (int i = 0; i < toMerge.size(); i++) {
            StandInDisk.Layer layer = toMerge.get(i);
            for (StandInDisk disk : disks) {
                Optional<StandInDisk.Layer> gone = disk.merge(layer);
                if (gone.isPresent()) { // a checkpoint that had frozen it now has the file that it went into
                    snapshots.forEach(snapshot ->
                            snapshot.frozen().replaceAll((each, file) -> file == gone.get() ? layer : file));
                    toMerge.replaceAll(file -> file == gone.get() ? layer : file);
                }
            }
        }
        toMerge.clear();
    }
}
