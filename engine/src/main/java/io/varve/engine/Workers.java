package io.varve.engine;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs the same work on several threads until none is left. All threads have ended when {@code run} returns or throws.
 * Threads are not interrupted, because that would close channels; workers check themselves whether to stop.
 */
public final class Workers {
    private Workers() {}

    /** Creates a worker. All workers are created before the first one runs. */
    @FunctionalInterface
    public interface Factory<T> {
        Callable<T> newWorker() throws IOException;
    }

    /**
     * @param work creates a worker for each thread
     * @return what the workers returned
     * @throws IOException the first failure; the failing worker must stop the others itself
     * @throws java.io.InterruptedIOException if a stop was requested
     */
    public static <T> List<T> run(int threads, String name, Cancellation cancellation, Factory<T> work)
            throws IOException {
        List<Callable<T>> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            workers.add(work.newWorker());
        }
        ExecutorService executor = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<T>> running = new ArrayList<>();
            for (Callable<T> worker : workers) {
                running.add(executor.submit(worker));
            }
            List<T> results = new ArrayList<>();
            Throwable first = null;
            for (Future<T> worker : running) {
                try {
                    results.add(await(worker, cancellation));
                } catch (ExecutionException e) {
                    first = first == null ? e.getCause() : first;
                }
            }
            rethrow(first);
            cancellation.check();
            return results;
        } finally {
            executor.shutdown();
        }
    }

    /**
     * Waits for a worker. An interrupted caller requests a stop and keeps waiting, because workers use resources that
     * the caller closes next.
     */
    private static <T> T await(Future<T> worker, Cancellation cancellation) throws ExecutionException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return worker.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                    cancellation.request();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Throws a worker's failure with its own type. Does nothing for null. */
    public static void rethrow(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }
}
