package io.varve.engine.port;

import java.io.IOException;
import java.io.InputStream;

/** A configuration file of a machine, as it is in a {@link Checkpoint}. */
public interface CheckpointFile {
    /**
     * What it is called in the snapshot, unique in its checkpoint: 1 to 255 characters, none of them invisible. It may
     * hold slashes; a restore makes a file name of it that is safe anywhere.
     */
    String name();

    /**
     * The content, from its first byte. Read once, by one thread, and closed by the reader; of any length, never held
     * in memory as a whole.
     */
    InputStream open() throws IOException;
}
