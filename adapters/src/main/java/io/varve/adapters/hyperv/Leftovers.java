package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What earlier backups left at the host. Own objects are known by their ids: from the journal of an interrupted backup,
 * and from the states in committed snapshots. Everything else belongs to somebody else and is only reported.
 */
final class Leftovers {
    private static final String LEFTOVER = "host-leftover";

    private final HyperV host;
    private final UUID machine;
    private final Journal journal;
    private final HyperVWords words;

    Leftovers(HyperV host, UUID machine, Journal journal, HyperVWords words) {
        this.host = host;
        this.machine = machine;
        this.journal = journal;
        this.words = words;
    }

    /**
     * Removes what an interrupted backup left.
     *
     * @throws IOException when an own checkpoint cannot be removed: another one on top would make it worse
     */
    void remove(CommittedPoints committed) throws IOException {
        stopExport();
        removeExports();
        Optional<Journal.Entry> unfinished = journal.read();
        if (unfinished.isPresent()) {
            removeCheckpoint(unfinished.get());
            removePoint(unfinished.get(), Set.copyOf(committed.all()));
            journal.clear();
        }
        try {
            removePoints(committed.outdated());
        } catch (HyperVException | CimException e) {
            words.warnings()
                    .accept(
                            LEFTOVER,
                            "an outdated reference point of Varve's could not be removed, which does no harm: "
                                    + e.getMessage());
        }
    }

    /** An export that still runs writes into the folder that is removed next, and holds the checkpoint. */
    private void stopExport() throws IOException {
        Optional<String> job = journal.exportJob().read();
        if (job.isPresent()) {
            if (host.stop(job.get())) {
                words.steps().accept("stopped the export of an interrupted backup, which was still running");
            }
            journal.exportJob().clear();
        }
    }

    private void removeExports() throws IOException {
        for (String folder : journal.exports()) {
            words.steps().accept("removing the exported files of an interrupted backup, " + folder);
            try {
                ExportFolder.remove(Path.of(folder), journal);
            } catch (IOException e) { // costs only space
                words.warnings().accept(LEFTOVER, Reason.of(e));
            }
        }
    }

    private void removeCheckpoint(Journal.Entry entry) throws IOException {
        for (HostCheckpoint checkpoint : host.checkpoints(machine)) {
            if (!checkpoint.isRecovery() || entry.checkpointsBefore().contains(checkpoint.id())) {
                continue;
            }
            if (entry.checkpoint().isPresent()) {
                if (entry.checkpoint().get().equals(checkpoint.id())) {
                    words.steps().accept("removing the checkpoint of an interrupted backup, " + checkpoint.id());
                    host.destroy(checkpoint);
                }
            } else {
                words.warnings()
                        .accept(
                                LEFTOVER,
                                "host " + host.host() + ": recovery checkpoint " + checkpoint.id() + " of machine "
                                        + machine
                                        + " appeared while a backup was interrupted. It may be Varve's or another"
                                        + " product's, so it was left alone. If nothing else backs up this"
                                        + " machine: varve hyperv clean --checkpoint " + checkpoint.id());
            }
        }
    }

    private void removePoint(Journal.Entry entry, Set<String> committed) throws IOException {
        if (entry.pointsBefore().isEmpty()) {
            return;
        }
        for (ReferencePoint point : host.referencePoints(machine)) {
            boolean isNew = !entry.pointsBefore().get().contains(point.id()) && !committed.contains(point.id());
            if (isNew && !isOurs(point, entry)) {
                words.warnings()
                        .accept(
                                LEFTOVER,
                                "host " + host.host() + ": reference point " + point.id() + " of machine " + machine
                                        + " appeared while a backup was interrupted. It may be Varve's or another"
                                        + " product's, so it was left alone; it does no harm");
            } else if (isNew) {
                words.steps().accept("removing the reference point of an interrupted backup, " + point.id());
                host.destroy(point);
            }
        }
    }

    /** By its id, or by disks that are those of our checkpoint. */
    static boolean isOurs(ReferencePoint point, Journal.Entry entry) {
        if (entry.point().isPresent()) {
            return entry.point().get().equals(point.id());
        }
        return entry.checkpoint().isPresent()
                && isFrom(point, entry.checkpoint().get());
    }

    /** Whether a reference point was made from a checkpoint: its disks are then the checkpoint's. */
    static boolean isFrom(ReferencePoint point, String checkpoint) {
        return point.disks().stream().anyMatch(disk -> disk.startsWith(checkpoint + "\\"));
    }

    /** Removes reference points by their ids; one that is gone already is none. */
    void removePoints(List<String> ids) throws IOException {
        if (ids.isEmpty()) {
            return;
        }
        for (ReferencePoint point : host.referencePoints(machine)) {
            if (ids.contains(point.id())) {
                host.destroy(point);
            }
        }
    }
}
