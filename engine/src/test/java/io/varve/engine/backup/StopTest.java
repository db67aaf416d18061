package io.varve.engine.backup;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.engine.Cancellation;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.junit.jupiter.api.Test;

class StopTest {
    private final Cancellation cancellation = new Cancellation();
    private final Stop stop = new Stop(cancellation);

    @Test
    void theFirstFailureCounts() throws IOException {
        stop.check();
        assertFalse(stop.isRequested());
        IllegalStateException first = new IllegalStateException("first");
        stop.because(first);
        stop.because(new IOException("second"));
        cancellation.request();
        assertTrue(stop.isRequested());
        assertSame(first, assertThrows(IllegalStateException.class, stop::check));
    }

    @Test
    void aRequestIsAnInterruption() {
        cancellation.request();
        assertTrue(stop.isRequested());
        assertThrows(InterruptedIOException.class, stop::check);
    }
}
