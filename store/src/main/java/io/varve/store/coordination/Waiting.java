package io.varve.store.coordination;

import io.varve.store.coordination.Coordination.Grant;
import io.varve.store.coordination.Coordination.Right;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits for a right. */
public final class Waiting {
    private static final long POLL_MILLIS = 200;

    private Waiting() {}

    /** Tells who stands in the way, for people. */
    @FunctionalInterface
    public interface Holders {
        String names() throws IOException;
    }

    /**
     * Waits until nobody stands in the way of a right, and takes it.
     *
     * @param location of the repository, for the message of the failure
     * @param purpose shown to those who wait for the caller
     * @param patience how long to wait at most
     * @param notices told once who is being waited for
     * @throws RepositoryBusyException when patience has run out
     */
    public static Grant take(
            Coordination coordination,
            Right right,
            String location,
            String purpose,
            Holders holders,
            Duration patience,
            Consumer<String> notices)
            throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            Optional<Grant> grant = coordination.tryTake(right, purpose);
            if (grant.isPresent()) {
                return grant.get();
            }
            String holder = holders.names();
            if (System.nanoTime() - deadline >= 0) {
                throw new RepositoryBusyException(location, holder);
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
}
