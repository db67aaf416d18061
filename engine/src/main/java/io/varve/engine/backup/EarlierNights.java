package io.varve.engine.backup;

import io.varve.engine.port.Previous;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Manifest;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The existing ancestors of tonight's snapshot, from the previous one on, at most {@value #MOST}, read on demand.
 * Enough to find tokens that repeat within a month (days of the week or month), and fast in a repository of any size.
 * Thread-safe.
 */
final class EarlierNights {
    static final int MOST = 32;

    private final SnapshotCatalog catalog;
    private final List<Snapshot> read = new ArrayList<>();
    private boolean complete;

    /** @param previous the machine's previous snapshot; the first of these */
    EarlierNights(SnapshotCatalog catalog, Optional<Snapshot> previous) {
        this.catalog = catalog;
        previous.ifPresent(read::add);
        this.complete = previous.isEmpty();
    }

    /**
     * The snapshot in which {@code token} was stored with a different state of the disk than last night; empty when
     * there is none. The same token with the same content is fine: a list that starts from either moment is right.
     */
    Optional<String> otherState(String token, DiskRecord lastNight) throws IOException {
        return find(disk -> isSame(disk, lastNight)
                && disk.changeToken().filter(token::equals).isPresent()
                && !disk.mapRoot().equals(lastNight.mapRoot()));
    }

    /** The newest snapshot, and the disk in it, with which {@code token} was stored. */
    Optional<String> whereStored(String token) throws IOException {
        return find(disk -> disk.changeToken().filter(token::equals).isPresent());
    }

    /** The time of the previous snapshot. */
    synchronized Optional<Instant> lastNight() {
        return read.stream().findFirst().map(snapshot -> snapshot.manifest().startedAt());
    }

    /** Whether the previous snapshot's source was, or could have been, written to while it was read. */
    synchronized boolean lastNightWasFuzzy() {
        return read.stream()
                .findFirst()
                .filter(snapshot -> snapshot.manifest().consistency().equals(BackupJob.FUZZY))
                .isPresent();
    }

    /** The snapshot that fits, newest first. */
    synchronized Optional<Snapshot> snapshot(Predicate<Snapshot> fits) throws IOException {
        for (int i = 0; i < MOST && (i < read.size() || readMore()); i++) {
            if (fits.test(read.get(i))) {
                return Optional.of(read.get(i));
            }
        }
        return Optional.empty();
    }

    /** All of them, in the form that a source receives. */
    synchronized Previous previous() throws IOException {
        List<Previous.Night> nights = new ArrayList<>();
        for (int i = 0; i < MOST && (i < read.size() || readMore()); i++) {
            Manifest manifest = read.get(i).manifest();
            nights.add(new Previous.Night(
                    read.get(i).id().text(),
                    manifest.startedAt(),
                    manifest.sourceState(),
                    manifest.disks().stream()
                            .map(disk -> new Previous.Disk(
                                    disk.name(), disk.named(), disk.guid(), disk.size(), disk.changeToken()))
                            .toList()));
        }
        return new Previous(nights);
    }

    private Optional<String> find(Predicate<DiskRecord> fits) throws IOException {
        Optional<Snapshot> night =
                snapshot(snapshot -> snapshot.manifest().disks().stream().anyMatch(fits));
        return night.map(snapshot -> "disk '"
                + snapshot.manifest().disks().stream()
                        .filter(fits)
                        .findFirst()
                        .orElseThrow()
                        .name()
                + "' of snapshot " + snapshot.id());
    }

    private boolean readMore() throws IOException {
        if (!complete) {
            Optional<Snapshot> next = catalog.ancestor(read.get(read.size() - 1));
            next.ifPresent(read::add);
            complete = next.isEmpty();
            return next.isPresent();
        }
        return false;
    }

    private static boolean isSame(DiskRecord disk, DiskRecord other) {
        return disk.name().equals(other.name())
                || disk.guid().isPresent() && disk.guid().equals(other.guid());
    }
}
