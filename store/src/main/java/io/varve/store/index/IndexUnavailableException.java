package io.varve.store.index;

import io.varve.store.fault.UnavailableException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The index cannot be read or written at the moment, which says nothing about its content. It is left as it is. Whoever
 * only wanted to create it can do without.
 */
public final class IndexUnavailableException extends UnavailableException {
    private static final long serialVersionUID = 1L;

    IndexUnavailableException(Path directory, String why, IOException cause) {
        super("index " + directory, why, cause);
    }
}
