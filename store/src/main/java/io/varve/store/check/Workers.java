package io.varve.store.check;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs tasks on a fixed number of threads. Submitting blocks while twice as many tasks as threads are pending. After
 * the first failure, tasks that have not started are skipped. For one submitting thread.
 */
final class Workers implements Closeable {
    private final int threads;
    private final ExecutorService executor;
    private final Semaphore room;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    /** A task. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    Workers(int threads) {
        this(threads, Executors.newFixedThreadPool(threads));
    }

    /** @param executor closed with this one */
    Workers(int threads, ExecutorService executor) {
        this.threads = threads;
        this.executor = executor;
        this.room = new Semaphore(2 * threads);
    }

    int threads() {
        return threads;
    }

    /** @throws IOException the failure of an earlier task */
    void submit(Task task) throws IOException {
        throwFailure();
        try {
            room.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        boolean accepted = false;
        try {
            executor.execute(() -> run(task));
            accepted = true;
        } finally {
            if (!accepted) { // no thread could be started: nobody else gives the place back, for which settle() waits
                room.release();
            }
        }
    }

    private void run(Task task) {
        try {
            if (failure.get() == null) {
                task.run();
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        } finally {
            room.release();
        }
    }

    /**
     * Waits until all submitted tasks are done.
     *
     * @throws IOException the first failure
     */
    void await() throws IOException {
        settle();
        throwFailure();
    }

    /** Waits until no task is running. */
    void settle() {
        room.acquireUninterruptibly(2 * threads);
        room.release(2 * threads);
    }

    private void throwFailure() throws IOException {
        Throwable thrown = failure.get();
        if (thrown instanceof IOException e) {
            throw e;
        }
        if (thrown != null) {
            throw new IllegalStateException(thrown);
        }
    }

    /** Ends the threads after their current tasks. */
    @Override
    public void close() {
        failure.compareAndSet(null, new IOException("closed"));
        executor.shutdown();
        try {
            executor.awaitTermination(1, TimeUnit.HOURS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
