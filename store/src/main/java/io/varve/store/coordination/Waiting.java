package io.varve.store.coordination;

import io.varve.store.coordination.Coordination.Grant;
import io.varve.store.coordination.Coordination.Right;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Waits until a right can be taken. */
public final class Waiting {
    private static final long FIRST_PAUSE_MILLIS = 200;

    /** Opened when the process is about to end. */
    private static final CountDownLatch ENDING = new CountDownLatch(1);

    private Waiting() {}

    /** Ends all waiting of this process, now and later. Called once the process was asked to end. */
    public static void giveUp() {
        ENDING.countDown();
    }

    /** Says which holders prevent a right from being taken, for people. */
    @FunctionalInterface
    public interface Holders {
        String names() throws IOException;
    }

    /**
     * Takes a right, waiting until no other holder prevents it.
     *
     * @param location of the repository, for the message of the failure
     * @param purpose shown to processes that wait for the caller
     * @param patience longest time to wait
     * @param notices receives, once, a message about who is being waited for
     * @throws RepositoryBusyException if {@code patience} is over
     * @throws InterruptedIOException after {@link #giveUp}
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
        long pause = FIRST_PAUSE_MILLIS;
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
                // Of random length, so that two who get in each other's way do not do so again.
                long millis = ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
                if (ENDING.await(millis, TimeUnit.MILLISECONDS)) {
                    throw new InterruptedIOException("stopped on request while waiting for " + holder);
                }
                pause = Math.min(pause * 3 / 2, coordination.longestPauseMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for " + holder, e);
            }
        }
    }
}
