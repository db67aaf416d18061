package io.varve.engine.backup;

import io.varve.engine.Cancellation;
import io.varve.engine.Workers;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Why a backup ends early: a failure, or a requested stop. All workers of all disks check it between two runs. Only the
 * first failure is kept. Thread-safe.
 */
final class Stop {
    private final Cancellation cancellation;
    private final AtomicReference<Throwable> first = new AtomicReference<>();

    Stop(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    boolean isRequested() {
        return first.get() != null || cancellation.isRequested();
    }

    void because(Throwable failure) {
        first.compareAndSet(null, failure);
    }

    /**
     * @throws IOException the first failure of any worker
     * @throws java.io.InterruptedIOException when a stop was requested
     */
    void check() throws IOException {
        Workers.rethrow(first.get());
        cancellation.check();
    }
}
