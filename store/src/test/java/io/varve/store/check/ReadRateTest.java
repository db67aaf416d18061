package io.varve.store.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** In a time that passes only when somebody sleeps, or the test says so. */
class ReadRateTest {
    private static final long SECOND = 1_000_000_000;

    private long now = 5 * SECOND;
    private long slept;
    private final ReadRate rate = new ReadRate(1000, () -> now, nanos -> {
        now += nanos;
        slept += nanos;
    });

    @Test
    void theFirstSecondIsFreeThenEveryByteHasItsTime() throws IOException {
        rate.take(1000);
        assertEquals(0, slept);
        rate.take(500);
        assertEquals(SECOND / 2, slept);
        rate.take(4000);
        assertEquals(SECOND / 2 + 4 * SECOND, slept, "more than the bucket holds");
    }

    @Test
    void whatWasNotUsedIsKeptForASecondOnly() throws IOException {
        rate.take(1000);
        now += 3600 * SECOND;
        rate.take(1000);
        assertEquals(0, slept);
        rate.take(1000);
        assertEquals(SECOND, slept);
    }

    @Test
    void inTheLongRunItIsTheRate() throws IOException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        long from = now;
        long bytes = 0;
        for (int i = 0; i < 10_000; i++) {
            int length = random.nextInt(3000);
            bytes += length;
            rate.take(length);
            now += random.nextLong(SECOND / 10); // the reading itself
        }
        double seconds = (now - from) / (double) SECOND;
        assertTrue(bytes <= 1000 * (seconds + 1), "seed " + seed + ": " + bytes + " in " + seconds + " s");
        assertTrue(bytes >= 1000 * (seconds - 1), "seed " + seed + ": " + bytes + " in " + seconds + " s");
    }

    @Test
    void unlimitedNeverWaitsAndNothingIsNoRate() throws IOException {
        ReadRate.unlimited().take(Long.MAX_VALUE);
        assertThrows(IllegalArgumentException.class, () -> ReadRate.of(0));
    }

    @Test
    void anInterruptEndsTheWait() throws IOException {
        ReadRate interrupted = new ReadRate(1, () -> now, nanos -> {
            throw new InterruptedException();
        });
        interrupted.take(1);
        assertThrows(InterruptedIOException.class, () -> interrupted.take(1));
        assertTrue(Thread.interrupted(), "the thread must still know");
    }
}
