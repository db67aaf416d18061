package io.varve.engine.gc;

import org.junit.jupiter.api.Tag;

/**
 * {@link InterleavingTest} with more schedules; with {@code -Dvarve.interleavings=1000} every place where one of them
 * is stopped once, and 1000 schedules in which both are stopped several times.
 */
@Tag("long")
class MoreInterleavingsTest extends InterleavingTest {
    private static final int SAMPLES = Integer.getInteger("varve.interleavings", 40);

    @Override
    int stride() {
        return SAMPLES > 100 ? 1 : 9;
    }

    @Override
    int samples() {
        return SAMPLES;
    }
}
