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
 * The right to write into a repository: together with other writers, or alone, for what does not go beside anybody. Of
 * those who write together, one at a time may collect. A right ends with its process, however that ends. Readers need
 * none.
 */
public final class WriterLock implements Closeable {
    private final Grant grant;

    private WriterLock(Grant grant) {
        this.grant = grant;
    }

    /**
     * Waits until nobody writes alone.
     *
     * @param patience how long to wait at most
     * @param notices told once who is being waited for
     * @throws io.varve.store.coordination.RepositoryBusyException when patience has run out
     */
    public static WriterLock together(Repository repository, Duration patience, Consumer<String> notices)
            throws IOException {
        return acquire(repository, Right.WRITE, "", patience, notices);
    }

    /**
     * As {@link #together}, but waits until nobody writes at all.
     *
     * @param purpose what for, shown to those who wait
     */
    public static WriterLock alone(Repository repository, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        return acquire(repository, Right.WRITE_ALONE, purpose, patience, notices);
    }

    /** Waits until nobody else collects, or undoes what a collection did. Backups go on beside it. */
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

    /** Those who write together stand in the list of sessions; who is alone says so with the right. */
    private static String holder(Repository repository, Right right) throws IOException {
        List<Sessions.Entry> sessions = Sessions.living(repository);
        if (!sessions.isEmpty()) {
            return sessions.stream().map(Sessions.Entry::description).collect(Collectors.joining("; "));
        }
        String text = repository.coordination().holder(right);
        return text.isEmpty() ? "unknown process" : text;
    }

    @Override
    public void close() throws IOException {
        grant.close();
    }
}
