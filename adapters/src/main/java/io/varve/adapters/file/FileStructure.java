package io.varve.adapters.file;

import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads structures of a file for their decoders. */
public final class FileStructure {
    private FileStructure() {}

    /**
     * Returns the {@code length} bytes at {@code offset} in a big-endian buffer, from position 0 to limit.
     *
     * @param what names the structure in the message
     * @throws CorruptDataException when the file ends before
     */
    public static ByteBuffer read(ByteSource source, long offset, int length, String what) throws IOException {
        if (offset < 0 || length > source.size() - offset) {
            throw new CorruptDataException(
                    source.location(),
                    Math.max(offset, 0),
                    what + " of " + length + " bytes",
                    "the end of the file at " + source.size());
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try {
            source.read(offset, bytes);
        } catch (EOFException e) {
            throw new CorruptDataException(
                    source.location(),
                    offset,
                    what + " of " + length + " bytes",
                    "a file that was cut off while it was read");
        }
        return bytes.flip();
    }
}
