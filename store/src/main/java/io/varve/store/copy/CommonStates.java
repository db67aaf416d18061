package io.varve.store.copy;

import io.varve.store.map.BlockMap;
import io.varve.store.session.ReadSession;
import io.varve.store.session.WriteSession;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotId;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds states of a disk that both repositories have, so that only the differences from one of them need to be copied.
 */
final class CommonStates {
    /** Most states to try. If a state's map is not known to be complete, it has to be walked. */
    private static final int TRIED = 2;

    private final ReadSession from;
    private final WriteSession to;
    private final Map<SnapshotId, Snapshot> sources = new HashMap<>();
    private final boolean alike;

    /**
     * @param sources the snapshots in {@code from}
     * @param alike whether both repositories give the same content the same chunk id
     */
    CommonStates(ReadSession from, WriteSession to, List<Snapshot> sources, boolean alike) {
        this.from = from;
        this.to = to;
        this.alike = alike;
        sources.forEach(snapshot -> this.sources.put(snapshot.id(), snapshot));
    }

    /**
     * Returns the common state of {@code disk} that is nearest in time to {@code snapshot}, if there is one.
     *
     * @param there the snapshots in the target
     */
    Optional<DiskCopy.Base> find(Snapshot snapshot, DiskRecord disk, List<Snapshot> there) throws IOException {
        List<Snapshot> candidates = there.stream()
                .filter(other -> isCopy(sources.get(other.id()), other)
                        && other.manifest().machine().equals(snapshot.manifest().machine()))
                .sorted(Comparator.comparing((Snapshot other) -> distance(other, snapshot)))
                .toList();
        int tried = 0;
        for (Snapshot candidate : candidates) {
            DiskRecord source = sameDisk(disk, sources.get(candidate.id()));
            if (source == null || tried == TRIED) {
                continue;
            }
            DiskRecord target = candidate.manifest().disks().get(source.number() - 1);
            BlockMap map = to.map(target);
            if (alike && !target.mapRoot().equals(source.mapRoot())) {
                continue;
            }
            tried++;
            if (to.isComplete(map)) {
                return Optional.of(new DiskCopy.Base(from.map(source), map));
            }
        }
        return Optional.empty();
    }

    private static Duration distance(Snapshot one, Snapshot other) {
        return Duration.between(one.manifest().startedAt(), other.manifest().startedAt())
                .abs();
    }

    /**
     * Whether two snapshots with the same id are the same. Ids are short and random, so the content of the manifests
     * decides.
     */
    private static boolean isCopy(Snapshot source, Snapshot target) {
        if (source == null || !isSameMoment(source, target)) {
            return false;
        }
        Manifest a = source.manifest();
        Manifest b = target.manifest();
        boolean same = true;
        for (int i = 0; same && i < a.disks().size(); i++) {
            DiskRecord disk = a.disks().get(i);
            same = disk.withRoot(b.disks().get(i).mapRoot()).equals(b.disks().get(i));
        }
        return same;
    }

    /** Whether both come from the same backup, whatever their ids are. */
    static boolean isSameMoment(Snapshot one, Snapshot other) {
        Manifest a = one.manifest();
        Manifest b = other.manifest();
        return a.machine().equals(b.machine())
                && a.host().equals(b.host())
                && a.startedAt().equals(b.startedAt())
                && a.finishedAt().equals(b.finishedAt())
                && a.disks().size() == b.disks().size();
    }

    /**
     * Finds the same disk by name, which is unique within a machine. The size must be equal, because the shape of the
     * map depends on it.
     */
    private static DiskRecord sameDisk(DiskRecord disk, Snapshot snapshot) {
        return snapshot.manifest().disks().stream()
                .filter(other -> other.name().equals(disk.name())
                        && other.size() == disk.size()
                        && other.blockSize() == disk.blockSize())
                .findFirst()
                .orElse(null);
    }
}
