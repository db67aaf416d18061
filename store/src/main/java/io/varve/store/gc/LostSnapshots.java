package io.varve.store.gc;

import io.varve.store.Repository;
import io.varve.store.fault.CorruptDataException;
import io.varve.store.job.CommitMemory;
import io.varve.store.job.JobLog;
import io.varve.store.snapshot.Refusal;
import io.varve.store.snapshot.SeenSnapshots;
import io.varve.store.snapshot.SnapshotId;
import io.varve.store.snapshot.UnreadableMemoryException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Snapshots that were committed, do not exist, and were not forgotten. A lost manifest between two others breaks their
 * chain, but nothing links to the newest one of a machine. Its loss shows in this computer's memory and in the records
 * of jobs.
 */
public final class LostSnapshots {
    /** A message about a thousand lost snapshots is no clearer than one about the first few. */
    private static final int MOST_TOLD = 3;

    private final Repository repository;
    private final JobLog jobs;
    private final List<CorruptDataException> damaged = new ArrayList<>();
    private final Map<SnapshotId, String> committed;

    /**
     * Reads the records of jobs that it has not read before. To be called before manifests are listed: a job that ends
     * later is not considered.
     */
    public LostSnapshots(Repository repository) throws IOException {
        this.repository = repository;
        this.jobs = repository.jobs();
        this.committed = jobs.committed(new CommitMemory(repository.home().commitsFile()), damaged::add);
    }

    /** Failures of records of jobs that cannot be read: what these jobs committed is not considered. */
    public List<CorruptDataException> damagedRecords() {
        return List.copyOf(damaged);
    }

    /**
     * @param explained snapshots that exist or were forgotten, as listed since
     * @throws CollectionRefusedException when one is lost
     */
    void refuse(Set<SnapshotId> explained, CollectionListener listener) throws IOException {
        List<String> lost = new ArrayList<>();
        try {
            lost.addAll(new SeenSnapshots(repository.home().seenFile(), repository.backend(), repository.shelf())
                    .rolledBack()
                    .values());
        } catch (UnreadableMemoryException e) {
            listener.notice(e.getMessage());
        }
        lost.addAll(byJobs(explained).values());
        if (!lost.isEmpty()) {
            int more = lost.size() - MOST_TOLD;
            throw new CollectionRefusedException("gc would delete what a lost snapshot needs. Leave the repository"
                    + " as it is and bring the snapshot back: restore its file in snapshots/ from a copy of this"
                    + " repository, or 'varve copy' it from your second one. "
                    + String.join(". ", lost.subList(0, Math.min(MOST_TOLD, lost.size())))
                    + (more > 0 ? ". And " + more + " more like these" : ""));
        }
    }

    /**
     * Snapshots that a job on record committed and that are lost, each with a message that says what to do.
     *
     * @param explained snapshots that exist or were forgotten, as listed since
     */
    public Map<SnapshotId, String> byJobs(Set<SnapshotId> explained) throws IOException {
        Map<SnapshotId, String> lost = new LinkedHashMap<>();
        for (Map.Entry<SnapshotId, String> commit : committed.entrySet()) {
            SnapshotId id = commit.getKey();
            // A dry run and fsck do not keep others from bringing a snapshot back meanwhile.
            if (!explained.contains(id) && !isThere(id)) {
                lost.put(id, message(id, commit.getValue()));
            }
        }
        return lost;
    }

    private boolean isThere(SnapshotId id) throws IOException {
        try {
            return !Refusal.isThere(repository.backend(), id);
        } catch (CorruptDataException e) {
            return true; // whatever it is, it is listed as damaged
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private String message(SnapshotId id, String job) throws IOException {
        String machine = jobs.find(job)
                .start()
                .map(start -> " of machine " + start.machine())
                .orElse("");
        return "snapshot " + id + machine + " was committed by job " + job + " and is now missing, with no readable"
                + " record of being forgotten. If you removed it on purpose, delete "
                + String.join(" and ", JobLog.objectNames(job)) + " in the repository";
    }
}
