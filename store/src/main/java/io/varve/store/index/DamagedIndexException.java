package io.varve.store.index;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The index cannot be used. No data is lost: the index is a cache, and {@code varve rebuild-index} rebuilds it from the
 * packs.
 */
public final class DamagedIndexException extends IOException {
    private static final long serialVersionUID = 1L;

    DamagedIndexException(Path directory, String what, Throwable cause) {
        super(
                "index " + directory + ": " + what + (cause == null ? "" : " (" + cause.getMessage() + ")")
                        + "; it is a cache: run 'varve rebuild-index'",
                cause);
    }
}
