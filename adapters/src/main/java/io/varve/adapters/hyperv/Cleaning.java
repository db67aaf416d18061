package io.varve.adapters.hyperv;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Finds what backups left at a host and whose it is, and removes it. */
public final class Cleaning implements Closeable {
    /** Whose an object is. */
    public enum Origin {
        /** Varve's, and still needed: the base of the next change list. */
        NEEDED,
        /** Varve's, left by an interrupted backup, or outdated. */
        LEFT,
        /** Another product's, a user's, or Varve's from another computer or repository. */
        UNKNOWN
    }

    /** What kind of object it is. */
    public enum Kind {
        CHECKPOINT,
        REFERENCE_POINT,
        /** Machines that are frozen together. */
        GROUP,
        /** A folder of this computer with exported files. */
        EXPORT,
        /** A file that the machine still writes to although its checkpoint is gone. */
        UNMERGED_FILE
    }

    /**
     * Something at the host.
     *
     * @param id InstanceID, or path of a file
     */
    public record Found(Kind kind, String id, Origin origin) {}

    private final HyperV host;
    private final UUID repository;
    private final UUID machine;
    private final Journal journal;
    private final Closeable claim;

    /**
     * @param repository its id
     * @throws IOException when a backup of the machine runs on this computer
     */
    public Cleaning(HyperV host, UUID repository, UUID machine, Journal journal) throws IOException {
        this.repository = repository;
        this.host = host;
        this.machine = machine;
        this.journal = journal;
        this.claim = journal.claim();
    }

    /** Everything that belongs to backups of the machine; changes nothing. */
    public List<Found> look(CommittedPoints committed) throws IOException {
        Optional<Journal.Entry> unfinished = journal.read();
        List<Found> found = new ArrayList<>();
        for (HostCheckpoint checkpoint : host.checkpoints(machine)) {
            if (checkpoint.isRecovery()) {
                boolean isOurs = unfinished.flatMap(Journal.Entry::checkpoint).equals(Optional.of(checkpoint.id()));
                found.add(new Found(Kind.CHECKPOINT, checkpoint.id(), isOurs ? Origin.LEFT : Origin.UNKNOWN));
            }
        }
        for (ReferencePoint point : host.referencePoints(machine)) {
            found.add(new Found(Kind.REFERENCE_POINT, point.id(), origin(point, committed, unfinished)));
        }
        HostCollections collections = new HostCollections(host);
        for (HostCollections.Group group : collections.of(machine)) {
            boolean isOurs = group.isOf(repository, collections.members(group));
            found.add(new Found(Kind.GROUP, group.id().toString(), isOurs ? Origin.NEEDED : Origin.UNKNOWN));
        }
        journal.exports().forEach(folder -> found.add(new Found(Kind.EXPORT, folder, Origin.LEFT)));
        HostChain.unmerged(host, machine)
                .forEach(file -> found.add(new Found(Kind.UNMERGED_FILE, file, Origin.UNKNOWN)));
        return found;
    }

    private static Origin origin(ReferencePoint point, CommittedPoints committed, Optional<Journal.Entry> unfinished) {
        if (committed.newest().equals(Optional.of(point.id()))) {
            return Origin.NEEDED;
        }
        boolean isLeft = committed.all().contains(point.id())
                || unfinished.isPresent() && Leftovers.isOurs(point, unfinished.get());
        return isLeft ? Origin.LEFT : Origin.UNKNOWN;
    }

    /**
     * Removes a checkpoint or a reference point.
     *
     * @return whether it was there
     */
    public boolean remove(Kind kind, String id) throws IOException {
        if (kind == Kind.EXPORT) {
            ExportFolder.remove(Path.of(id), journal);
            return true;
        }
        if (kind == Kind.GROUP) {
            HostCollections collections = new HostCollections(host);
            for (HostCollections.Group group : collections.of(machine)) {
                if (group.id().toString().equals(id)) {
                    collections.destroy(group);
                    return true;
                }
            }
            return false;
        }
        if (kind == Kind.CHECKPOINT) {
            for (HostCheckpoint checkpoint : host.checkpoints(machine)) {
                if (checkpoint.isRecovery() && checkpoint.id().equals(id)) {
                    host.destroy(checkpoint);
                    return true;
                }
            }
            return false;
        }
        for (ReferencePoint point : host.referencePoints(machine)) {
            if (point.id().equals(id)) {
                host.destroy(point);
                return true;
            }
        }
        return false;
    }

    /** Stops looking for exported files in a folder that this computer can no longer reach. */
    public void forgetExport(String folder) throws IOException {
        ExportFolder.forget(Path.of(folder), journal);
    }

    @Override
    public void close() throws IOException {
        claim.close();
    }

    /** Notes that nothing of an interrupted backup is left. */
    public void done() throws IOException {
        journal.clear();
    }
}
