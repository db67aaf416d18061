package io.varve.store.job;

import io.varve.store.cache.RememberedLines;
import io.varve.store.snapshot.SnapshotId;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which snapshot each job committed, for the jobs whose end this computer has read before. Records never change, so the
 * id of the job is enough to recognize one. It is a cache: without it all records are read again. Thread-safe.
 *
 * <p>One line for each: the id of the job, a tab, and the id of the snapshot, or {@code -} for a job without one.
 */
public final class CommitMemory {
    private static final String NONE = "-";

    private final RememberedLines file;

    /** @param file of this repository's memory, in a directory of the user's own */
    public CommitMemory(Path file) {
        this.file = new RememberedLines(file);
    }

    /** Returns what is remembered, by id of the job; empty for a job that committed nothing. */
    synchronized Map<String, Optional<SnapshotId>> read() {
        Map<String, Optional<SnapshotId>> commits = new HashMap<>();
        for (String line : file.read().orElse(List.of())) {
            int tab = line.indexOf('\t');
            String snapshot = line.substring(tab + 1);
            if (tab < 0 || !snapshot.equals(NONE) && !SnapshotId.isId(snapshot)) {
                return new HashMap<>(); // written by another build
            }
            commits.put(
                    line.substring(0, tab),
                    snapshot.equals(NONE) ? Optional.empty() : Optional.of(new SnapshotId(snapshot)));
        }
        return commits;
    }

    /**
     * Adds jobs and drops those whose records are gone.
     *
     * @param read jobs whose ends were read
     * @param present all jobs whose ends exist
     */
    synchronized void remember(Map<String, Optional<SnapshotId>> read, Set<String> present) {
        Map<String, Optional<SnapshotId>> before = read();
        Map<String, Optional<SnapshotId>> commits = new HashMap<>(before);
        commits.putAll(read);
        commits.keySet().retainAll(present);
        if (!commits.equals(before)) {
            file.write(commits.entrySet().stream()
                    .map(commit -> commit.getKey() + "\t"
                            + commit.getValue().map(SnapshotId::text).orElse(NONE))
                    .sorted()
                    .toList());
        }
    }
}
