package io.varve.store.backend;

import java.nio.ByteBuffer;

/** Direct memory from and to which files can be read and written past the operating system's page cache. */
public final class AlignedBuffer {
    /** Bytes, a power of two; no drive in use has larger sectors. */
    public static final int ALIGNMENT = 4096;

    private AlignedBuffer() {}

    /** A direct buffer of {@code size} bytes that begins at a multiple of {@link #ALIGNMENT}. */
    public static ByteBuffer allocate(int size) {
        // Twice, since what is sliced off ends at a multiple, too.
        return ByteBuffer.allocateDirect(size + 2 * ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .slice(0, size);
    }
}
