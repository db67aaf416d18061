package io.varve.engine.port;

import java.io.IOException;
import java.util.List;

/**
 * The target of a restore exists and is in use: writing to it would corrupt it for its user and for the restore.
 * Nothing was written.
 */
public final class TargetInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * @param target its name for the operator
     * @param uses who uses it and how, for the operator; at least one
     */
    public TargetInUseException(String target, List<String> uses) {
        super(target + ": is in use: " + String.join("; ", uses) + ". Nothing was written. Unmount it or stop what uses"
                + " it; --force writes anyway, and corrupts what is using it");
    }
}
