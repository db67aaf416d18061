package io.varve.store.backend;

import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Objects that are small enough to be read as a whole. */
public final class WholeObject {
    private WholeObject() {}

    /**
     * The bytes of an object.
     *
     * @param limit maximum length in bytes; no memory is allocated for a larger object
     * @throws java.nio.file.NoSuchFileException when there is none
     * @throws CorruptDataException when it is larger, is damaged, or shrinks while it is read
     */
    public static byte[] read(Backend backend, String name, int limit) throws IOException {
        return backend.readWhole(name, limit);
    }

    /**
     * Publishes an object in one piece.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one of that name
     * @throws InDoubtException when it may exist; after any other failure it does not
     */
    public static void publish(Backend backend, String name, byte[] content) throws IOException {
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(content));
            object.publish(name);
        }
    }
}
