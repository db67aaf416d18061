package io.varve.engine.port;

import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Format axis of a source: a virtual disk that is not written to while it is open. Offsets are offsets in the
 * <em>virtual disk</em>.
 *
 * <p>Threading: {@code read} and {@code allocated} may be called from many threads at once. {@code close} must not race
 * with them; it also closes the sources that the image was opened with. Images of different disks may be used at the
 * same time, even if they were opened from the same file.
 */
public interface DiskImage extends Closeable {
    /** Bytes of the virtual disk. */
    long size();

    /** 512 or 4096. */
    int logicalSectorSize();

    /** 512 or 4096. */
    int physicalSectorSize();

    /**
     * Identity that stays with the disk from night to night (VHDX Virtual Disk ID, VHD unique id). Empty where the
     * format has none (raw).
     */
    Optional<UUID> guid();

    /** Short name of the format: {@code raw}, {@code vhdx-fixed}, {@code vhdx-dynamic} … */
    String format();

    /** The disk's name in messages: the path or URL it was opened from. */
    String location();

    /**
     * Fills {@code target} from position to limit with the disk's content at {@code offset}; on return its position
     * equals its limit. Unallocated parts read as zeros. The buffer is not kept.
     *
     * @throws IndexOutOfBoundsException when the range is not inside the disk
     * @throws IOException when the source cannot be read; an implementation never returns short or made-up data
     */
    void read(long offset, ByteBuffer target) throws IOException;

    /**
     * The parts of {@code window} that may hold data other than zeros. Everything else is guaranteed to read as zeros.
     * Called before reading, so a sparse disk costs nothing; callers go window by window to bound memory.
     */
    RangeSet allocated(Range window) throws IOException;

    /**
     * Called after the last read, before the commit: checks that the source was not written to since it was opened, as
     * far as its format shows that. Does nothing where it cannot tell.
     *
     * @throws IOException when it was written to, so the data read may be inconsistent
     */
    default void checkUnchanged() throws IOException {}

    /**
     * Evidence that the disk was not closed properly after it was last written to, as after a crash of its host. Such a
     * disk reads correctly, but its change tracking may have missed changes, so the audit compares more. Empty where
     * there is no evidence; does not change while the image is open.
     */
    default Optional<String> unclean() {
        return Optional.empty();
    }

    /**
     * Evidence that this disk is not frozen: programs that can write to any of its files now, and changes in these
     * files since they were opened. Called before the first read and after the last one. Empty where the source cannot
     * tell.
     *
     * @throws IOException when a file has become shorter, so that data read from it may be wrong
     */
    default List<Disturbance> disturbances() throws IOException {
        return List.of();
    }
}
