package io.varve.tools.option;

import io.varve.store.fault.CorruptDataException;
import io.varve.store.fault.Count;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotId;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * References to snapshots: an id, the beginning of an id, its last eight digits or their beginning, {@code latest},
 * {@code latest~2} (the second before it), {@code latest:MACHINE}, {@code latest:MACHINE~2}. The name of a machine may
 * end like the last form. Then the name counts, unless that is ambiguous.
 */
public final class SnapshotReference {
    public static final String HELP =
            "An id or the beginning of one, latest, latest~N (N before it) or latest:MACHINE.";

    private static final Pattern LATEST = Pattern.compile("latest(?::(.+?))?(?:~(\\d{1,6}))?", Pattern.DOTALL);

    private static final int MOST_NAMED = 10;

    private SnapshotReference() {}

    /**
     * Finds the snapshot for a reference. While a manifest cannot be read, it is unknown which snapshot is the latest.
     * Then only ids are accepted: using the one before would use the wrong snapshot.
     *
     * @throws CorruptDataException if the manifest of the snapshot, or of one that may be meant, cannot be read
     * @throws UsageException if there is no such snapshot
     */
    public static Snapshot resolve(String text, SnapshotCatalog.Listing listing) throws IOException {
        if (text.isBlank()) {
            throw new UsageException(
                    "expected a snapshot id or latest, found an empty name (an empty" + " variable in a script?)");
        }
        checkReadable(text, listing);
        if (listing.snapshots().isEmpty()) {
            throw new UsageException("the repository has no snapshots"
                    + (listing.damaged().isEmpty() ? "" : " that can be read; run 'varve fsck'"));
        }
        Matcher latest = LATEST.matcher(text);
        if (!latest.matches()) {
            return byId(text, listing);
        }
        if (listing.damaged().isEmpty()) {
            return latest(text, latest, listing);
        }
        throw uncertain(text, latest, listing);
    }

    /** Ids contain the time of the backup, but clocks can be wrong: any unreadable manifest may be the latest. */
    private static CorruptDataException uncertain(String text, Matcher latest, SnapshotCatalog.Listing listing) {
        String advice;
        try {
            Snapshot found = latest(text, latest, listing);
            advice = "Among those that can be read it is " + found.id() + " (machine '"
                    + found.manifest().machine() + "'): to use that one, name it by its id";
        } catch (UsageException e) {
            advice = "Among those that can be read there is none; 'varve snapshots' lists them";
        }
        CorruptDataException first = listing.damaged().get(0);
        return new CorruptDataException(
                first.file(),
                first.offset(),
                first.expected(),
                first.found() + "; this snapshot may be what '" + text + "' stands for. " + advice);
    }

    private static void checkReadable(String text, SnapshotCatalog.Listing listing) throws CorruptDataException {
        for (CorruptDataException e : listing.damaged()) {
            SnapshotId id = SnapshotId.ofObject(e.file());
            if (id != null && (id.text().equals(text) || id.shortId().equals(text))) {
                throw new CorruptDataException(
                        e.file(),
                        e.offset(),
                        e.expected(),
                        e.found() + "; restore a copy of this file. Without one the snapshot is lost:"
                                + " move the file out of the repository so that forget and gc can continue");
            }
        }
    }

    private static Snapshot latest(String text, Matcher latest, SnapshotCatalog.Listing listing) throws UsageException {
        String machine = latest.group(1);
        int before = latest.group(2) == null ? 0 : Integer.parseInt(latest.group(2));
        if (machine != null && latest.group(2) != null) {
            // A machine may be called web~1: a copy, or a short name of Windows.
            String whole = machine + "~" + latest.group(2);
            boolean isMachine = !of(whole, listing).isEmpty();
            if (isMachine && !of(machine, listing).isEmpty()) {
                throw new UsageException("'" + text + "' could be machine '" + whole + "', or the snapshot " + before
                        + " before the latest of"
                        + " machine '" + machine + "': use 'latest:" + whole
                        + "~0' for the former, an id for the latter");
            }
            if (isMachine) {
                machine = whole;
                before = 0;
            }
        }
        List<Snapshot> candidates = of(machine, listing);
        if (candidates.isEmpty()) {
            throw new UsageException(
                    "no snapshots of machine '" + machine + "'; there are some of " + machines(listing));
        }
        if (before >= candidates.size()) {
            throw new UsageException("no snapshot '" + text + "': there "
                    + (candidates.size() == 1 ? "is 1" : "are " + candidates.size())
                    + (machine == null ? "" : " of machine '" + machine + "'"));
        }
        return candidates.get(candidates.size() - 1 - before);
    }

    /** @param machine null for all */
    private static List<Snapshot> of(String machine, SnapshotCatalog.Listing listing) {
        return listing.snapshots().stream()
                .filter(snapshot ->
                        machine == null || snapshot.manifest().machine().equals(machine))
                .toList();
    }

    /** Returns the names of all machines, in words. */
    static String machines(SnapshotCatalog.Listing listing) {
        List<String> names = listing.snapshots().stream()
                .map(snapshot -> snapshot.manifest().machine())
                .distinct()
                .sorted()
                .toList();
        int more = names.size() - MOST_NAMED;
        return "'" + String.join("', '", names.subList(0, Math.min(MOST_NAMED, names.size()))) + "'"
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static Snapshot byId(String text, SnapshotCatalog.Listing listing) throws UsageException {
        List<Snapshot> found = listing.snapshots().stream()
                .filter(snapshot -> snapshot.id().text().startsWith(text)
                        || snapshot.id().shortId().startsWith(text))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        throw new UsageException(
                found.isEmpty()
                        ? "no snapshot '" + text + "'; 'varve snapshots' lists them"
                        : "'" + text + "' could be " + Count.of(found.size(), "snapshot") + ", such as "
                                + found.get(0).id() + " and " + found.get(1).id());
    }

    /** Finds a disk of a snapshot by number, name or GUID. {@code text} may be null if there is only one. */
    public static DiskRecord disk(Snapshot snapshot, String text) throws UsageException {
        List<DiskRecord> disks = snapshot.manifest().disks();
        if (text != null && text.isBlank()) {
            throw new UsageException("--disk: expected a number, name or GUID, found an empty name");
        }
        if (text == null) {
            if (disks.size() != 1) {
                throw new UsageException("snapshot " + snapshot.id() + " has " + Count.of(disks.size(), "disk")
                        + ": name one with --disk (a number, name or GUID)");
            }
            return disks.get(0);
        }
        List<DiskRecord> found = disks.stream()
                .filter(disk -> String.valueOf(disk.number()).equals(text)
                        || disk.name().equals(text)
                        || disk.guid()
                                .filter(guid -> guid.toString().equalsIgnoreCase(text))
                                .isPresent())
                .toList();
        if (found.size() != 1) {
            throw new UsageException(
                    "snapshot " + snapshot.id() + " has " + (found.isEmpty() ? "no disk '" : "several disks '") + text
                            + "'; 'varve show " + snapshot.id().shortId() + "' lists them");
        }
        return found.get(0);
    }

    /**
     * Finds the disk of another snapshot that is probably the same: by given name, by GUID, then by number. A wrong
     * guess is visible at once and does no harm here.
     */
    public static Optional<DiskRecord> sameDisk(DiskRecord disk, Snapshot in) {
        List<DiskRecord> candidates = new ArrayList<>(in.manifest().disks());
        return candidates.stream()
                .filter(other -> disk.named() && other.named() && other.name().equals(disk.name()))
                .findFirst()
                .or(() -> candidates.stream()
                        .filter(other -> disk.guid().isPresent() && other.guid().equals(disk.guid()))
                        .findFirst())
                .or(() -> candidates.stream()
                        .filter(other -> other.number() == disk.number())
                        .findFirst());
    }
}
