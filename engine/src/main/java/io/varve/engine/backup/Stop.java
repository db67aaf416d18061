package io.varve.engine.backup;

import io.varve.engine.Cancellation;
import io.varve.engine.Workers;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Why a backup ends before it is done: something failed, or a stop was requested. All workers of all disks look here
 * between two runs. The first failure is the one that counts. Thread-safe.
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
     * @throws IOException the first failure, whoever's it was
     * @throws java.io.InterruptedIOException when a stop was requested
     */
    void check() throws IOException {
        Workers.rethrow(first.get());
        cancellation.check();
    }
}
