package io.varve.engine.port;

import java.util.Objects;

/**
 * Evidence that a source was not frozen while it was read. The content read may be one that the disk never had.
 *
 * @param code {@link #IN_USE} or {@link #CHANGED}; for scripts
 * @param what for the operator: which file or device, and who writes to it or what changed
 */
public record Disturbance(String code, String what) {
    /** The source could be written to: it is open for writing, or mounted. */
    public static final String IN_USE = "source-in-use";

    /** The source was written to. */
    public static final String CHANGED = "source-changed";

    public Disturbance {
        Objects.requireNonNull(code);
        Objects.requireNonNull(what);
    }
}
