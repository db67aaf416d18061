package io.varve.store.session;

import io.varve.store.Repository;
import io.varve.store.backend.ProcessLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The right to write into a repository: together with other writers, or alone, for what does not go beside anybody. Of
 * those who write together, one at a time may collect. The operating system holds these locks, so they end with the
 * process, however that ends. Readers need none.
 */
public final class WriterLock implements Closeable {
    private static final long POLL_MILLIS = 200;
    private static final String KEYS = "keys.lock";
    private static final String WRITER = "writer.lock";
    private static final String COLLECTION = "collection.lock";

    /** Lock files in {@code sessions/} that are not of one session. */
    static final Set<String> FILES = Set.of(WRITER, COLLECTION, KEYS, IndexSlot.LOCK_FILE);

    private final ProcessLock lock;

    private WriterLock(ProcessLock lock) {
        this.lock = lock;
    }

    @FunctionalInterface
    private interface Attempt {
        ProcessLock lock() throws IOException;
    }

    /**
     * Waits until nobody writes alone.
     *
     * @param patience how long to wait at most
     * @param notices told once who is being waited for
     * @throws RepositoryBusyException when patience has run out
     */
    public static WriterLock together(Repository repository, Duration patience, Consumer<String> notices)
            throws IOException {
        Path file = file(repository, WRITER);
        return acquire(repository, patience, notices, file, () -> ProcessLock.tryShared(file));
    }

    /**
     * As {@link #together}, but waits until nobody writes at all.
     *
     * @param purpose what for, shown to those who wait
     */
    public static WriterLock alone(Repository repository, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        Path file = file(repository, WRITER);
        return described(acquire(repository, patience, notices, file, () -> ProcessLock.tryExclusive(file)), purpose);
    }

    /** Waits until nobody else collects, or undoes what a collection did. Backups go on beside it. */
    static WriterLock collecting(Repository repository, String purpose, Duration patience, Consumer<String> notices)
            throws IOException {
        Path file = file(repository, COLLECTION);
        return described(acquire(repository, patience, notices, file, () -> ProcessLock.tryExclusive(file)), purpose);
    }

    /** Waits until nobody else takes keys away. Everything else goes on beside it. */
    public static WriterLock removingKeys(Repository repository, Duration patience, Consumer<String> notices)
            throws IOException {
        Path file = file(repository, KEYS);
        return described(
                acquire(repository, patience, notices, file, () -> ProcessLock.tryExclusive(file)), "removal of a key");
    }

    private static Path file(Repository repository, String name) {
        return repository.root().resolve("sessions").resolve(name);
    }

    private static WriterLock described(WriterLock held, String purpose) throws IOException {
        try {
            held.lock.describe("process " + ProcessHandle.current().pid() + "@" + HostName.get() + ", " + purpose);
            return held;
        } catch (IOException e) {
            held.close();
            throw e;
        }
    }

    private static WriterLock acquire(
            Repository repository, Duration patience, Consumer<String> notices, Path file, Attempt attempt)
            throws IOException {
        repository.backend().admitWriter();
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            ProcessLock lock = attempt.lock();
            if (lock != null) {
                return new WriterLock(lock);
            }
            String holder = holder(repository, file);
            if (System.nanoTime() - deadline >= 0) {
                throw new RepositoryBusyException(repository.root().toString(), holder);
            }
            if (!told) {
                notices.accept("waiting for another writer of this repository (" + holder + ")");
                told = true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + holder, e);
            }
        }
    }

    /** Those who write together stand in the list of sessions; who is alone says so in the lock's file. */
    private static String holder(Repository repository, Path file) throws IOException {
        List<Sessions.Entry> sessions = file.endsWith(KEYS) ? List.of() : Sessions.living(repository);
        if (!sessions.isEmpty()) {
            return sessions.stream().map(Sessions.Entry::description).collect(Collectors.joining("; "));
        }
        String text = ProcessLock.description(file);
        return text.isEmpty() ? "unknown process" : text;
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
