package io.varve.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ReadSpeedTest {
    private final ReadSpeed speed = new ReadSpeed(1.5, 20_000_000);

    @Test
    void memoryIsFastAndWhatWaitsIsSlow() {
        assertFalse(speed.isSlow());
        for (int i = 0; i < 100; i++) {
            speed.add(1 << 20, 150_000); // 7 GB/s
        }
        assertFalse(speed.isSlow());
        for (int i = 0; i < 100; i++) {
            speed.add(1 << 20, 1_000_000); // 1 GB/s
        }
        assertTrue(speed.isSlow());
        for (int i = 0; i < 100; i++) {
            speed.add(1 << 20, 150_000);
        }
        assertFalse(speed.isSlow(), "what was slow before does not count for ever");
    }

    @Test
    void fewSlowReadsAreEnough() {
        for (int i = 0; i < 4; i++) {
            assertFalse(speed.isSlow());
            speed.add(64 << 10, 5_000_000);
        }
        assertTrue(speed.isSlow());
    }

    @Test
    void helpersComeWhenReadingIsSlowOrAllIsOver() throws InterruptedException {
        List<Consumer<ReadSpeed>> events = List.of(ReadSpeed::end, slow -> slow.add(1, 1_000_000_000));
        for (Consumer<ReadSpeed> event : events) {
            ReadSpeed watched = new ReadSpeed(1.5, 20_000_000);
            Thread helper = new Thread(watched::awaitNeed, "test-helper");
            helper.start();
            watched.add(1 << 20, 150_000);
            helper.join(20);
            assertTrue(helper.isAlive(), "nobody was needed yet");
            event.accept(watched);
            helper.join();
        }
    }

    @Test
    void helpersRestWhenReadingIsFastAgain() throws InterruptedException {
        speed.add(1, 1_000_000_000);
        speed.awaitNeed();
        speed.add(1L << 30, 150_000_000);
        Thread helper = new Thread(speed::awaitNeed, "test-helper");
        helper.start();
        helper.join(20);
        assertTrue(helper.isAlive(), "nobody is needed any more");
        speed.end();
        helper.join();
    }
}
