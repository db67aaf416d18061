package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.trash.Generation;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Sessions of one process that write into one repository at the same time and share an index: a host with forty
 * machines has one index open, however many it backs up at once. Each session registers, commits and fails
 * independently, so none lives longer than its own job and delays a sweep.
 *
 * <p>Only sessions that honour the same lists of condemned packs share an index, since a pack is either present or
 * absent in it for all of them. A session that begins after a collection has condemned or deleted packs gets a new
 * index, which later sessions share. Thread-safe.
 */
public final class SharedSessions {
    private final Repository repository;
    private WorkingIndex current;
    private Set<String> honoured = Set.of();
    private int generation;

    /** @param repository stays open as long as any session */
    public SharedSessions(Repository repository) {
        this.repository = repository;
    }

    /** As {@link WriteSession#open}. */
    public WriteSession open(String purpose, Duration patience, Consumer<String> notices) throws IOException {
        return WriteSession.open(repository, purpose, patience, condemned -> acquire(condemned, notices), notices);
    }

    private synchronized WorkingIndex acquire(Set<String> condemned, Consumer<String> notices) throws IOException {
        int deletions = Generation.current(repository.backend());
        if (current != null && honoured.equals(condemned) && generation == deletions && current.share()) {
            boolean joined = false;
            try {
                if (current.vanished().isEmpty()) { // or a new one finds out what is missing, and tells
                    current.lookAround(); // what others committed before this session began
                    joined = true;
                    return current;
                }
            } finally {
                if (!joined) {
                    current.release(false);
                }
            }
        }
        current = WriteSession.newIndex(repository, notices);
        honoured = condemned;
        generation = deletions;
        return current;
    }
}
