package io.varve.store.json;

import io.varve.store.CorruptDataException;
import io.varve.store.backend.Backend;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Fetches the JSON files of a repository. */
public final class JsonObjects {
    private JsonObjects() {}

    /**
     * The bytes of an object, for {@link SealedJson} to decode.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     * @throws CorruptDataException when it is larger than any JSON file of a repository, cannot be read, or shrinks
     *     meanwhile
     */
    public static byte[] read(Backend backend, String name) throws IOException {
        long size = backend.size(name);
        if (size > SealedJson.MAX_SIZE) {
            throw new CorruptDataException(name, -1, "at most " + SealedJson.MAX_SIZE + " bytes", size + " bytes");
        }
        byte[] file = new byte[(int) size];
        try {
            backend.read(name, 0, ByteBuffer.wrap(file));
        } catch (IOException e) {
            throw CorruptDataException.ofRead(name, 0, size, e);
        }
        return file;
    }
}
