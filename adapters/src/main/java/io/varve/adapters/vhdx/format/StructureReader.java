package io.varve.adapters.vhdx.format;

import io.varve.adapters.file.FileStructure;
import io.varve.engine.port.ByteSource;
import io.varve.store.fault.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Fetches the structures of a VHDX for their decoders: all of its numbers are little-endian. */
public final class StructureReader {
    private StructureReader() {}

    /**
     * The {@code length} bytes at {@code offset}, little-endian, from position 0 to limit.
     *
     * @param what names the structure in the message
     * @throws CorruptDataException when the file ends before
     */
    public static ByteBuffer read(ByteSource source, long offset, int length, String what) throws IOException {
        return FileStructure.read(source, offset, length, what).order(ByteOrder.LITTLE_ENDIAN);
    }
}
