package io.varve.store.index;

import java.io.IOException;
import java.nio.file.Path;

/** Another process has the index open for writing. */
public final class IndexBusyException extends IOException {
    private static final long serialVersionUID = 1L;

    IndexBusyException(Path directory, Throwable cause) {
        super("index " + directory + ": another process is writing to it", cause);
    }
}
