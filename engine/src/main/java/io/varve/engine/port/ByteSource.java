package io.varve.engine.port;

import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Transport axis of a source: positional, read-only bytes of one file, wherever it lies (mapped file, direct-buffer
 * file, SMB, shadow copy). All offsets are offsets in the <em>file</em>, not in a virtual disk.
 *
 * <p>Threading: {@code read} and {@code dataRanges} may be called from many threads at once. {@code close} must not
 * race with them. After {@code close} nothing keeps the file open or mapped (on Windows it can be deleted).
 */
public interface ByteSource extends Closeable {
    /** Length of the file when it was opened, in bytes. */
    long size();

    /** The file's name in messages: a path or URL. */
    String location();

    /**
     * Fills {@code target} from position to limit with the bytes at {@code offset}; on return its position equals its
     * limit. The buffer may be direct or on the heap, and is not kept.
     *
     * @throws EOFException when the file ends before the buffer is full; the buffer's content is then undefined
     * @throws IOException on any other failure; a file that shrank or a page that cannot be read is an IOException,
     *     never an {@link Error}
     */
    void read(long offset, ByteBuffer target) throws IOException;

    /**
     * Called by implementations at the beginning of {@link #read}.
     *
     * @throws EOFException when the file has no {@code length} bytes at {@code offset}
     * @throws IndexOutOfBoundsException when {@code offset} is negative
     */
    default void checkInside(long offset, int length) throws EOFException {
        if (offset < 0) {
            throw new IndexOutOfBoundsException("negative offset " + offset + " in " + location());
        }
        if (length > size() - offset) {
            throw new EOFException(location() + " at offset " + offset + ": expected " + length
                    + " bytes, found the end of the file at " + size());
        }
    }

    /**
     * The parts of {@code window} that may hold data other than zeros, according to the file system (holes of a sparse
     * file are left out). A source that cannot tell returns {@code window} itself.
     */
    RangeSet dataRanges(Range window) throws IOException;

    /**
     * Programs that can write to this file now, and changes since it was opened, as far as this system can tell. Empty
     * where it cannot.
     *
     * @throws IOException when the file has become shorter, so that data read from it may be wrong
     */
    default List<Disturbance> disturbances() throws IOException {
        return List.of();
    }

    /** Sector sizes of a device; empty for a file. */
    default Optional<SectorSizes> sectorSizes() {
        return Optional.empty();
    }
}
