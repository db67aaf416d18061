package io.varve.adapters.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose turn it is to clean up after a call that nobody waits for. */
@Timeout(60)
class PatienceTest {
    private static final int ROUNDS = 3000;

    private final Patience patience = new Patience(60_000, new Cancellation());

    @Test
    void aCallThatIsInterruptedIsCleanedUpWhenItReturns() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch late = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThrows(InterruptedIOException.class, () -> patience.call("x", "y", () -> waited(end), late::countDown));
        assertTrue(Thread.interrupted());
        assertEquals(1, late.getCount());
        end.countDown();
        assertTrue(late.await(20, TimeUnit.SECONDS));
    }

    private static boolean waited(CountDownLatch end) {
        try {
            return end.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether the interrupt or the answer comes first, each answer is taken or cleaned up, and never both. */
    @Test
    void eachAnswerIsTakenOrCleanedUp() throws Exception {
        AtomicInteger made = new AtomicInteger();
        AtomicInteger late = new AtomicInteger();
        int taken = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Thread.currentThread().interrupt();
            try {
                patience.call("x", "y", made::incrementAndGet, late::incrementAndGet);
                taken++;
            } catch (InterruptedIOException e) {
                assertTrue(Thread.interrupted());
            }
        }
        assertEquals(0, taken, "an interrupted wait does not return");
        for (int i = 0; i < 500 && late.get() < ROUNDS; i++) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
        assertEquals(ROUNDS, made.get());
        assertEquals(ROUNDS, late.get());
    }
}
