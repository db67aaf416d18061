package io.varve.adapters.windows;

import io.varve.engine.Cancellation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * How long Windows may take for one call. A call that storage or a service lets hang cannot be ended from outside, so
 * it is made by a thread of its own, which is left behind with it. Thread-safe.
 */
public final class Patience {
    /** Without a sign of life for so long, a call is given up. */
    public static final long SECONDS = 300;

    private static final long SLICE_MILLIS = 100;

    /** For what is undone after a request to stop: the process is given half a minute for all of it. */
    private static final long CLEANING_MILLIS = 10_000;

    /** Of all calls; a thread that hangs keeps no process alive, and an idle one ends after a minute. */
    private static final ExecutorService CALLERS =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                Thread thread = new Thread(work, "varve-windows-call");
                thread.setDaemon(true);
                return thread;
            });

    private final long millis;
    private final long cleaningMillis;
    private final Cancellation cancellation;
    private final boolean isCleaning;

    /** @param cancellation ends the waiting as well */
    public Patience(long millis, Cancellation cancellation) {
        this(millis, CLEANING_MILLIS, cancellation);
    }

    /** @param cleaningMillis for undoing something after a request to stop */
    public Patience(long millis, long cleaningMillis, Cancellation cancellation) {
        this(millis, cleaningMillis, cancellation, false);
    }

    private Patience(long millis, long cleaningMillis, Cancellation cancellation, boolean isCleaning) {
        this.millis = millis;
        this.cleaningMillis = cleaningMillis;
        this.cancellation = cancellation;
        this.isCleaning = isCleaning;
    }

    /** For undoing what was done. A request to stop does not end that at once: there is less time then. */
    public Patience toCleanUp() {
        return new Patience(millis, cleaningMillis, cancellation, true);
    }

    /** How long something may take that is undone after a request to stop. */
    public long cleaningMillis() {
        return cleaningMillis;
    }

    /** A call of Windows; arguments in native memory must be its own, since it may outlive its caller. */
    @FunctionalInterface
    public interface Call<T> {
        T run() throws IOException;
    }

    /**
     * Makes the call and waits for it.
     *
     * @param subject what it is about, as an operator calls it
     * @param what the step, to follow "cannot"
     * @param late run when the call returns after all and nobody takes its answer; by the left thread, or by this one
     *     when the call returns as this is interrupted
     * @throws NoAnswerException when it takes too long
     * @throws java.io.InterruptedIOException when a stop was requested; the call may still be under way
     * @throws IOException that of the call
     */
    public <T> T call(String subject, String what, Call<T> call, Runnable late) throws IOException {
        Attempt<T> attempt = new Attempt<>(call, late);
        CALLERS.execute(attempt);
        long begin = System.nanoTime();
        long limit = TimeUnit.MILLISECONDS.toNanos(millis);
        boolean isStopping = false;
        while (!attempt.isDoneWithin(SLICE_MILLIS)) {
            long waited = System.nanoTime() - begin;
            if (cancellation.isRequested() && !isStopping) {
                isStopping = true;
                limit = Math.min(limit, waited + (isCleaning ? TimeUnit.MILLISECONDS.toNanos(cleaningMillis) : 0));
            }
            if (waited >= limit && attempt.leave()) {
                if (!isCleaning) {
                    cancellation.check();
                }
                throw new NoAnswerException(subject, what, TimeUnit.NANOSECONDS.toSeconds(limit));
            }
        }
        return attempt.result();
    }

    /**
     * Waits for something that says itself whether it is done.
     *
     * @return whether it was done in time
     */
    boolean waits(Slice slice) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!slice.isDoneWithin((int) SLICE_MILLIS)) {
            if (System.nanoTime() - end >= 0 || cancellation.isRequested()) {
                return false;
            }
        }
        return true;
    }

    long seconds() {
        return TimeUnit.MILLISECONDS.toSeconds(millis);
    }

    /** Ends the work that a stop was requested for. */
    void check() throws IOException {
        cancellation.check();
    }

    /** Something that is waited for, a little at a time. */
    @FunctionalInterface
    interface Slice {
        boolean isDoneWithin(int millis) throws IOException;
    }

    /** One call and what became of it. */
    private static final class Attempt<T> implements Runnable {
        private final Call<T> call;
        private final Runnable late;
        private final CountDownLatch over = new CountDownLatch(1);
        private boolean isDone; // these four are guarded by this
        private boolean isLeft;
        private T answer;
        private Throwable failure;

        Attempt(Call<T> call, Runnable late) {
            this.call = call;
            this.late = late;
        }

        @Override
        public void run() {
            T found = null;
            Throwable thrown = null;
            try {
                found = call.run();
            } catch (IOException | RuntimeException | Error e) {
                thrown = e;
            }
            boolean left;
            synchronized (this) {
                isDone = true;
                answer = found;
                failure = thrown;
                left = isLeft;
            }
            over.countDown();
            if (left) {
                late.run();
            }
        }

        boolean isDoneWithin(long millis) throws IOException {
            try {
                return over.await(millis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                if (!leave()) {
                    late.run(); // done in the meantime, and nobody will take its answer
                }
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }

        /** @return false when it was done in the meantime */
        synchronized boolean leave() {
            isLeft = !isDone;
            return isLeft;
        }

        synchronized T result() throws IOException {
            if (failure instanceof IOException e) {
                throw e;
            } else if (failure instanceof RuntimeException e) {
                throw e;
            } else if (failure instanceof Error e) {
                throw e;
            }
            return answer;
        }
    }
}
