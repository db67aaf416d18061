package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.coordination.Coordination.Grant;
import io.varve.store.coordination.Coordination.Right;
import io.varve.store.coordination.Waiting;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The right to write into a repository: shared with other writers, or exclusive, for work that allows no other writer.
 * Among shared writers, one at a time may collect. A right ends with its process, however that ends. Readers need none.
 */
public final class WriterLock implements Closeable {
    private final Grant grant;

    private WriterLock(Grant grant) {
        this.grant = grant;
    }

    /**
     * Waits until there is no exclusive writer.
     *
     * @param patience how long to wait at most
     * @param notices receives, once, a message about whom it is waiting for
     * @throws io.varve.store.coordination.RepositoryBusyException when {@code patience} is over
     */
    public static WriterLock together(Repository repository, Duration patience, Consumer<String> notices)
            throws IOException {
        return acquire(repository, Right.WRITE, "", patience, notices);
    }

    /**
     * As {@link #together}, but waits until there is no writer at all.
     *
     * @param purpose what for, shown to processes that wait
     */
    public static WriterLock alone(Repository repository, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        return acquire(repository, Right.WRITE_ALONE, purpose, patience, notices);
    }

    /** Waits until no other process runs or undoes a collection. Backups are not affected. */
    static WriterLock collecting(Repository repository, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        return acquire(repository, Right.COLLECT, purpose, patience, notices);
    }

    private static WriterLock acquire(
            Repository repository, Right right, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        repository.backend().admitWriter();
        return new WriterLock(Waiting.take(
                repository.coordination(),
                right,
                repository.location(),
                purpose,
                () -> holder(repository, right),
                patience,
                notices));
    }

    /** Shared writers are named by the list of sessions, an exclusive writer by its right. */
    private static String holder(Repository repository, Right right) throws IOException {
        String text = repository.coordination().holder(right);
        if (repository.coordination().namesHolders() && !text.isEmpty()) {
            return text;
        }
        List<Sessions.Entry> sessions = Sessions.living(repository);
        if (!sessions.isEmpty()) {
            return sessions.stream().map(Sessions.Entry::description).collect(Collectors.joining("; "));
        }
        return text.isEmpty() ? "unknown process" : text;
    }

    @Override
    public void close() throws IOException {
        grant.close();
    }
}
