package io.varve.engine.port;

import java.io.IOException;
import java.io.InputStream;

/** A configuration file of a machine, as it is in a {@link Checkpoint}. */
public interface CheckpointFile {
    /**
     * Its name in the snapshot, unique in its checkpoint: 1 to 255 visible characters. It may contain slashes; a
     * restore derives a safe file name from it.
     */
    String name();

    /**
     * The content, from its first byte. Read once by one thread, which closes it. It may have any length and is never
     * held in memory as a whole.
     */
    InputStream open() throws IOException;
}
