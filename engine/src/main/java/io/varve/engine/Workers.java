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
 * Several threads that do the same work until there is none left. All of them have ended when {@code run} returns or
 * throws. Nobody is interrupted (that would close channels): workers look for themselves whether they should stop.
 */
public final class Workers {
    private Workers() {}

    /** Makes a worker; before any of them works. */
    @FunctionalInterface
    public interface Factory<T> {
        Callable<T> newWorker() throws IOException;
    }

    /**
     * @param work gives each thread a worker of its own
     * @return what the workers returned
     * @throws IOException the first failure; it is up to the failing worker to stop the others
     * @throws java.io.InterruptedIOException when a stop was requested
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

    /** An interrupted caller asks the workers to stop, and still waits for them: they use what it would close next. */
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

    /** Throws what a worker failed with as what it is; does nothing for null. */
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
