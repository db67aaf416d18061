package io.varve.store.backend;

import java.nio.ByteBuffer;

/** Direct memory that is aligned for reads and writes past the operating system's page cache. */
public final class AlignedBuffer {
    /** Bytes, a power of two; no drive in use has larger sectors. */
    public static final int ALIGNMENT = 4096;

    private AlignedBuffer() {}

    /** A direct buffer of {@code size} bytes that begins at a multiple of {@link #ALIGNMENT}. */
    public static ByteBuffer allocate(int size) {
        // Aligned twice, since the slice must also end at a multiple.
        return ByteBuffer.allocateDirect(size + 2 * ALIGNMENT)
                .alignedSlice(ALIGNMENT)
                .slice(0, size);
    }
}
