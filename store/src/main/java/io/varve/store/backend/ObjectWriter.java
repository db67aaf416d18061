package io.varve.store.backend;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An object that is being written. One thread at a time. Once a call has failed it stays failed: only close it. */
public interface ObjectWriter extends Closeable {
    /** Appends {@code bytes} from position to limit; the buffer is not kept. */
    void append(ByteBuffer bytes) throws IOException;

    /** Bytes appended so far. */
    long length();

    /**
     * Makes the object durable, then visible under {@code name}: all of it or nothing, whatever happens in between.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken; the object there is untouched
     * @throws InDoubtException when the object may be there; after any other failure it is not
     */
    void publish(String name) throws IOException;

    /** Discards what was not published. */
    @Override
    void close() throws IOException;
}
