package io.varve.engine.crash;

import org.junit.jupiter.api.Tag;

/** {@link CrashTest} with every prefix. */
@Tag("long")
class EveryCrashTest extends CrashTest {
    @Override
    int stride() {
        return 1;
    }
}
