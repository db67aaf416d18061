package io.varve.engine.backup;

import io.varve.engine.port.CheckpointDisk;
import io.varve.store.snapshot.DiskRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds for each disk of tonight the same disk in the machine's previous snapshot: by a name that somebody gave it, by
 * its GUID, by the token its change list starts from. Never by position or path. A pure function.
 */
final class DiskPairing {
    private DiskPairing() {}

    /**
     * @param parent the previous night's record; empty when there is none
     * @param certain whether it is the same disk; otherwise only similar, good to compare blocks with and nothing else
     */
    record Pair(Optional<DiskRecord> parent, boolean certain) {
        static final Pair NONE = new Pair(Optional.empty(), false);
    }

    static List<Pair> pair(List<CheckpointDisk> disks, List<DiskRecord> before) {
        List<Pair> pairs = new ArrayList<>();
        for (CheckpointDisk disk : disks) {
            pairs.add(certain(disk, disks, before)
                    .map(record -> new Pair(Optional.of(record), true))
                    .orElseGet(() -> new Pair(similar(disk, disks, before), false)));
        }
        return pairs;
    }

    private static Optional<DiskRecord> certain(
            CheckpointDisk disk, List<CheckpointDisk> disks, List<DiskRecord> before) {
        if (disk.named()) {
            Optional<DiskRecord> byName =
                    only(before, record -> record.named() && record.name().equals(disk.name()));
            if (byName.isPresent()) {
                return byName;
            }
        }
        boolean guidIsUnique = disk.image().guid().isPresent()
                && disks.stream()
                                .filter(other ->
                                        other.image().guid().equals(disk.image().guid()))
                                .count()
                        == 1;
        if (guidIsUnique) {
            Optional<DiskRecord> byGuid =
                    only(before, record -> record.guid().equals(disk.image().guid()));
            if (byGuid.isPresent()) {
                return byGuid;
            }
        }
        return disk.tracker()
                .baseToken()
                .flatMap(token -> only(
                        before,
                        record -> record.changeToken().filter(token::equals).isPresent()));
    }

    private static Optional<DiskRecord> similar(
            CheckpointDisk disk, List<CheckpointDisk> disks, List<DiskRecord> before) {
        if (disks.size() == 1 && before.size() == 1) {
            return Optional.of(before.get(0));
        }
        return only(before, record -> record.name().equals(disk.name()));
    }

    /** The one that fits; none when several do, for then there is no telling. */
    private static Optional<DiskRecord> only(List<DiskRecord> records, Predicate<DiskRecord> fits) {
        List<DiskRecord> found = records.stream().filter(fits).toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }
}
