package io.varve.store.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WorkersTest {
    /** Has no thread for every third task, and does the others at once. */
    private static final class ScarceThreads extends AbstractExecutorService {
        private int tasks;

        @Override
        public void execute(Runnable task) {
            if (tasks++ % 3 == 0) {
                throw new OutOfMemoryError("unable to create native thread (played)");
            }
            task.run();
        }

        @Override
        public void shutdown() {}

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return true;
        }

        @Override
        public boolean isTerminated() {
            return true;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }

    @Test
    @Timeout(60)
    void aTaskWithoutAThreadKeepsNoPlace() throws IOException {
        AtomicInteger done = new AtomicInteger();
        try (Workers workers = new Workers(1, new ScarceThreads())) {
            for (int round = 0; round < 10; round++) {
                assertThrows(OutOfMemoryError.class, () -> workers.submit(done::incrementAndGet));
                workers.submit(done::incrementAndGet);
                workers.submit(done::incrementAndGet);
            }
            workers.await(); // for ever, if a place was lost
        }
        assertEquals(20, done.get());
    }
}
