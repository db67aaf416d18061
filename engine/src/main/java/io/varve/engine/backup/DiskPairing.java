package io.varve.engine.backup;

import io.varve.engine.port.CheckpointDisk;
import io.varve.store.snapshot.DiskRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * Finds for each disk of tonight the same disk in the machine's previous snapshot: by its given name, by its GUID, or
 * by the token its change list starts from. Never by position or path. Everything else that is known of the two must
 * agree, or the pair is in doubt. A pure function.
 */
final class DiskPairing {
    private DiskPairing() {}

    /**
     * @param parent the previous night's record; empty when there is none
     * @param certain whether it is the same disk; otherwise it is only similar, and used only to compare blocks with
     * @param doubt why it is not certain, if there is evidence that it should be the same disk
     */
    record Pair(Optional<DiskRecord> parent, boolean certain, Optional<Doubt> doubt) {
        static final Pair NONE = new Pair(Optional.empty(), false, Optional.empty());

        private Pair doubted(Doubt why) {
            return new Pair(parent, false, Optional.of(why));
        }
    }

    static List<Pair> pair(List<CheckpointDisk> disks, List<DiskRecord> before) {
        List<Pair> pairs = new ArrayList<>();
        for (CheckpointDisk disk : disks) {
            pairs.add(pair(disk, disks, before));
        }
        return pairs.stream().map(pair -> withoutRivals(pair, pairs)).toList();
    }

    /** Names of the disks that have the same GUID tonight, by GUID: a disk and its copy. */
    static Map<UUID, List<String>> sharedGuids(List<CheckpointDisk> disks) {
        Map<UUID, List<String>> names = new LinkedHashMap<>();
        for (CheckpointDisk disk : disks) {
            disk.image()
                    .guid()
                    .ifPresent(guid -> names.computeIfAbsent(guid, none -> new ArrayList<>())
                            .add(disk.name()));
        }
        names.values().removeIf(list -> list.size() == 1);
        return names;
    }

    private static Pair pair(CheckpointDisk disk, List<CheckpointDisk> disks, List<DiskRecord> before) {
        Optional<DiskRecord> byName = disk.named()
                ? only(before, record -> record.named() && record.name().equals(disk.name()))
                : Optional.empty();
        boolean identifies = disk.image().guid().isPresent() && !isShared(disk, disks, before);
        Optional<DiskRecord> byGuid = identifies
                ? only(before, record -> record.guid().equals(disk.image().guid()))
                : Optional.empty();
        Optional<DiskRecord> found = byName.or(() -> byGuid).or(() -> byToken(disk, before));
        if (found.isEmpty()) {
            return new Pair(similar(disk, disks, before), false, Optional.empty());
        }
        Optional<Doubt> doubt = DiskIdentity.doubt(disk, found.get()).or(() -> ambiguity(disk, disks, before));
        // If two contradict each other, the evidence in the disk itself is the better guess.
        return new Pair(doubt.isPresent() ? byGuid.or(() -> found) : found, doubt.isEmpty(), doubt);
    }

    private static Optional<DiskRecord> byToken(CheckpointDisk disk, List<DiskRecord> before) {
        return disk.tracker()
                .baseToken()
                .flatMap(token -> only(
                        before,
                        record -> record.changeToken().filter(token::equals).isPresent()));
    }

    private static boolean isShared(CheckpointDisk disk, List<CheckpointDisk> disks, List<DiskRecord> before) {
        Optional<UUID> guid = disk.image().guid();
        return disks.stream().filter(other -> other.image().guid().equals(guid)).count() > 1
                || before.stream().filter(record -> record.guid().equals(guid)).count() > 1;
    }

    /** Copies that existed last night under the same names are distinguished by these names; others cannot be. */
    private static Optional<Doubt> ambiguity(CheckpointDisk disk, List<CheckpointDisk> disks, List<DiskRecord> before) {
        Optional<UUID> guid = disk.image().guid();
        if (guid.isEmpty() || !isShared(disk, disks, before)) {
            return Optional.empty();
        }
        List<CheckpointDisk> now = disks.stream()
                .filter(other -> other.image().guid().equals(guid))
                .toList();
        List<DiskRecord> then =
                before.stream().filter(record -> record.guid().equals(guid)).toList();
        Set<String> names = new HashSet<>(now.stream().map(CheckpointDisk::name).toList());
        Set<String> namesBefore =
                new HashSet<>(then.stream().map(DiskRecord::name).toList());
        boolean named =
                now.stream().allMatch(CheckpointDisk::named) && then.stream().allMatch(DiskRecord::named);
        return named && names.equals(namesBefore)
                ? Optional.empty()
                : Optional.of(new Doubt(
                        Doubt.AMBIGUOUS,
                        "GUID " + guid.get() + ": expected the disks " + namesBefore
                                + " of the previous snapshot, found " + names
                                + ": a copy cannot be told from its original",
                        false));
    }

    /** Two disks of tonight cannot be paired with the same disk of the previous snapshot. */
    private static Pair withoutRivals(Pair pair, List<Pair> pairs) {
        long claims = pair.parent()
                .map(record -> pairs.stream()
                        .filter(other -> other.certain() && other.parent().get().equals(record))
                        .count())
                .orElse(0L);
        return pair.certain() && claims > 1
                ? pair.doubted(new Doubt(
                        Doubt.AMBIGUOUS,
                        "several disks of this backup could be the disk '"
                                + pair.parent().get().name() + "' of the previous snapshot",
                        false))
                : pair;
    }

    private static Optional<DiskRecord> similar(
            CheckpointDisk disk, List<CheckpointDisk> disks, List<DiskRecord> before) {
        if (disks.size() == 1 && before.size() == 1) {
            return Optional.of(before.get(0)).filter(record -> !DiskIdentity.isAnother(disk, record));
        }
        return only(before, record -> record.name().equals(disk.name()));
    }

    /** The only match; none when there are several. */
    private static Optional<DiskRecord> only(List<DiskRecord> records, Predicate<DiskRecord> fits) {
        List<DiskRecord> found = records.stream().filter(fits).toList();
        return found.size() == 1 ? Optional.of(found.get(0)) : Optional.empty();
    }
}
