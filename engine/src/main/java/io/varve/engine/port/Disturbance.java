package io.varve.engine.port;

import java.util.Objects;

/**
 * Something that speaks against a source's being frozen while it is read. The content read may then be one that the
 * disk never had.
 *
 * @param code {@link #IN_USE} or {@link #CHANGED}; for scripts
 * @param what for the operator: which file or device, and who writes to it or what changed
 */
public record Disturbance(String code, String what) {
    /** Somebody could write to the source: it is open for writing, or mounted. */
    public static final String IN_USE = "source-in-use";

    /** Somebody did. */
    public static final String CHANGED = "source-changed";

    public Disturbance {
        Objects.requireNonNull(code);
        Objects.requireNonNull(what);
    }
}
