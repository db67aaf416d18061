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

    /** What an operator would call this file in a message: a path or URL. */
    String location();

    /**
     * Fills {@code target} from position to limit with the bytes at {@code offset}; on return its position equals its
     * limit. The buffer may be direct or not and is not kept.
     *
     * @throws EOFException when the file ends before the buffer is full; the buffer's content is then undefined
     * @throws IOException on any other failure; a file that shrank or a page that cannot be read is an IOException,
     *     never an {@link Error}
     */
    void read(long offset, ByteBuffer target) throws IOException;

    /**
     * Asked by implementations at the beginning of {@link #read}.
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
     * The parts of {@code window} that may hold something else than zeros, as the file system knows it (holes of a
     * sparse file are left out). A source that cannot tell answers with {@code window} itself.
     */
    RangeSet dataRanges(Range window) throws IOException;

    /**
     * Who can write to this file at this moment, and what changed since it was opened, as far as this system tells.
     * None where it cannot tell.
     *
     * @throws IOException when what was read since cannot have been the file: it is shorter now
     */
    default List<Disturbance> disturbances() throws IOException {
        return List.of();
    }

    /** Of a device that has them; empty for a file. */
    default Optional<SectorSizes> sectorSizes() {
        return Optional.empty();
    }
}
