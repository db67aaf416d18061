package io.varve.store.backend;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An object that is being written. One thread at a time. After a failed call it can only be closed. */
public interface ObjectWriter extends Closeable {
    /** Appends {@code bytes} from position to limit; the buffer is not kept. */
    void append(ByteBuffer bytes) throws IOException;

    /** Bytes appended so far. */
    long length();

    /**
     * Makes the object durable, then visible under {@code name}, atomically.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken; the object there is untouched
     * @throws InDoubtException when the object may exist; after any other failure it does not
     */
    void publish(String name) throws IOException;

    /** Discards the object if it was not published. */
    @Override
    void close() throws IOException;
}
