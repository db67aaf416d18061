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
 * Format axis of a source: a virtual disk that nobody writes while it is open. Offsets are offsets in the <em>virtual
 * disk</em>.
 *
 * <p>Threading: {@code read} and {@code allocated} may be called from many threads at once. {@code close} must not race
 * with them; it closes what the image was opened over. Images of different disks are used at the same time, also where
 * they were opened over the same file.
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

    /** What an operator would call this disk in a message: the path or URL it was opened from. */
    String location();

    /**
     * Fills {@code target} from position to limit with the disk's content at {@code offset}; on return its position
     * equals its limit. Unallocated parts read as zeros. The buffer is not kept.
     *
     * @throws IndexOutOfBoundsException when the range is not inside the disk
     * @throws IOException when the source cannot be read; never short or invented data instead
     */
    void read(long offset, ByteBuffer target) throws IOException;

    /**
     * The parts of {@code window} that may hold something else than zeros. What is left out reads as zeros for certain.
     * Asked before reading, so that a sparse disk costs nothing; callers ask window by window to bound memory.
     */
    RangeSet allocated(Range window) throws IOException;

    /**
     * Asked after the last read, before what was read is committed: that nobody wrote to the source since it was
     * opened, as far as its format shows that. A source that cannot tell says nothing.
     *
     * @throws IOException when somebody did, so that what was read may never have existed
     */
    default void checkUnchanged() throws IOException {}

    /**
     * What shows that the disk was not closed properly when it was last written to, as after a crash of its host. Such
     * a disk reads as it should, but its change tracking may have missed something, so more of what it calls unchanged
     * is compared. Empty where nothing shows that; does not change while the image is open.
     */
    default Optional<String> unclean() {
        return Optional.empty();
    }

    /**
     * What speaks against this disk's being frozen: who can write to any of the files it lies in at this moment, and
     * what changed in them since they were opened. Asked before the first read and after the last one. A source that
     * cannot tell says nothing.
     *
     * @throws IOException when what was read cannot have been the disk: a file is shorter than it was
     */
    default List<Disturbance> disturbances() throws IOException {
        return List.of();
    }
}
