package io.varve.tools.option;

import io.varve.store.fault.Reason;
import io.varve.tools.output.Output;
import java.io.Closeable;
import java.io.IOException;

/**
 * What is done with something that has to be closed afterwards. When all is done, and then closing fails, nothing is
 * undone: that is a warning, not a failure.
 */
public final class Closing {
    private Closing() {}

    /** What is done. */
    @FunctionalInterface
    public interface Work<T> {
        void on(T open) throws IOException;
    }

    /** Does it and closes {@code open}, whatever comes of it. */
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
            output.warning("done, but cleaning up failed: " + Reason.of(e)
                    + "; the next command that writes to the repository clears what is left in tmp/ or"
                    + " sessions/, and a file '….partial-…' can be deleted");
        }
    }
}
