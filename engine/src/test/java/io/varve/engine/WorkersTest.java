package io.varve.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkersTest {
    /** Whoever is interrupted is about to close what the workers use. */
    @Test
    void anInterruptedCallerWaitsUntilAllHaveEnded() {
        Cancellation cancellation = new Cancellation();
        AtomicInteger working = new AtomicInteger(3);
        Thread.currentThread().interrupt();
        assertThrows(
                InterruptedIOException.class,
                () -> Workers.run(3, "test", cancellation, () -> () -> {
                    while (!cancellation.isRequested()) {
                        Thread.sleep(1);
                    }
                    Thread.sleep(100); // the last read returns
                    return working.decrementAndGet();
                }));
        assertTrue(Thread.interrupted());
        assertFalse(working.get() > 0, working + " are still at work");
    }
}
