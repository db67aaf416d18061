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
     * @param limit bytes that such an object has at most; no memory is taken for a larger one
     * @throws java.nio.file.NoSuchFileException when there is none
     * @throws CorruptDataException when it is larger, cannot be read, or shrinks meanwhile
     */
    public static byte[] read(Backend backend, String name, int limit) throws IOException {
        long size = backend.size(name);
        if (size > limit) {
            throw new CorruptDataException(name, -1, "at most " + limit + " bytes", size + " bytes");
        }
        byte[] object = new byte[(int) size];
        backend.read(name, 0, ByteBuffer.wrap(object));
        return object;
    }

    /**
     * Publishes an object in one piece.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is one of that name
     * @throws InDoubtException when it may be there; after any other failure it is not
     */
    public static void publish(Backend backend, String name, byte[] content) throws IOException {
        try (ObjectWriter object = backend.create()) {
            object.append(ByteBuffer.wrap(content));
            object.publish(name);
        }
    }
}
