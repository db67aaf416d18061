package io.varve.tools.option;

import io.varve.store.fault.Reason;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import java.io.Closeable;
import java.io.IOException;

/**
 * Runs work on something that must be closed afterwards. If the work succeeds and closing fails, the work still counts
 * as done: that is a warning, not a failure.
 */
public final class Closing {
    private Closing() {}

    /** The work. */
    @FunctionalInterface
    public interface Work<T> {
        void on(T open) throws IOException;
    }

    /** Runs {@code work} and then closes {@code open}, also after a failure. */
    public static <T extends Closeable> void after(T open, Output output, Work<T> work) throws IOException {
        try {
            work.on(open);
        } catch (IOException | RuntimeException e) {
            try {
                open.close();
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        try {
            open.close();
        } catch (IOException e) {
            output.warning(
                    WarningCode.CLEANING_UP,
                    "done, but cleaning up failed: " + Reason.of(e)
                            + "; it may have left something in tmp/ or sessions/, and a file '….partial-…',"
                            + " which can be deleted");
        }
    }
}
