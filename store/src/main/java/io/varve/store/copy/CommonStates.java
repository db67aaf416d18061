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

/** States of a disk that both repositories have, so that only what differs from one of them need be copied. */
final class CommonStates {
    /** A state whose map is not known to be complete is walked; more than this many are not tried. */
    private static final int TRIED = 2;

    private final ReadSession from;
    private final WriteSession to;
    private final Map<SnapshotId, Snapshot> sources = new HashMap<>();
    private final boolean alike;

    /**
     * @param sources what is in {@code from}
     * @param alike whether both name chunks alike
     */
    CommonStates(ReadSession from, WriteSession to, List<Snapshot> sources, boolean alike) {
        this.from = from;
        this.to = to;
        this.alike = alike;
        sources.forEach(snapshot -> this.sources.put(snapshot.id(), snapshot));
    }

    /**
     * The state of {@code disk} nearest in time to {@code snapshot}, if there is any.
     *
     * @param there what is in the target
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

    /** Ids are short and random: two snapshots that share one are the same only if they say the same of themselves. */
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

    /** Whether both are of one backup, whatever their ids. */
    static boolean isSameMoment(Snapshot one, Snapshot other) {
        Manifest a = one.manifest();
        Manifest b = other.manifest();
        return a.machine().equals(b.machine())
                && a.host().equals(b.host())
                && a.startedAt().equals(b.startedAt())
                && a.finishedAt().equals(b.finishedAt())
                && a.disks().size() == b.disks().size();
    }

    /** Names are unique within a machine; a disk of another size has a map of another shape. */
    private static DiskRecord sameDisk(DiskRecord disk, Snapshot snapshot) {
        return snapshot.manifest().disks().stream()
                .filter(other -> other.name().equals(disk.name())
                        && other.size() == disk.size()
                        && other.blockSize() == disk.blockSize())
                .findFirst()
                .orElse(null);
    }
}
