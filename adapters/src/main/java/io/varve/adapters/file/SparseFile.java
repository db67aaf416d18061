package io.varve.adapters.file;

import com.sun.jna.LastErrorException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What Linux knows about a file: which parts are in the page cache, and where a sparse file has holes, found with
 * {@code lseek(SEEK_DATA, SEEK_HOLE)}. On other systems, and whenever anything fails (no JNA, a file system without
 * holes, a block device, a name that cannot be encoded), everything counts as data: a missed hole costs time, an
 * invented one costs data.
 *
 * <p>Threading: any number of threads may call it; {@code close} must not race with them. It opens its own file
 * descriptor, because lseek moves the descriptor's position and the JDK does not expose its descriptor.
 */
public final class SparseFile implements AutoCloseable {
    /** Most holes in one result, 16 bytes of heap each; the rest of the window counts as data. */
    private static final int MOST_RANGES = 1 << 16;

    /** Smallest page size. If pages are larger, ranges seem less cached than they are. */
    private static final int PAGE = 4096;

    private static final long AHEAD = 32 << 20;
    private static final long SAMPLE = 64 << 10;

    private static final int NONE = -1;

    /** Not opened yet. Loading JNA takes more than a tenth of a second, which many commands can avoid. */
    private static final int UNOPENED = -2;

    private final Path path;
    private final long size;

    /** See {@link OpenedFile#key}. */
    private final Object key;

    private volatile int descriptor = UNOPENED;

    /** Opens the file on first use only. */
    public SparseFile(Path path, OpenedFile opened) {
        this.path = path;
        this.size = opened.size();
        this.key = opened.key();
    }

    /**
     * Returns the descriptor, opened on first use. Never fails: a file that cannot be opened counts as one without
     * holes.
     */
    private int descriptor() {
        int current = descriptor;
        if (current != UNOPENED) {
            return current;
        }
        synchronized (this) {
            if (descriptor == UNOPENED) {
                descriptor = open();
            }
            return descriptor;
        }
    }

    private int open() {
        if (key == null || !Files.isRegularFile(path) || !LinuxCalls.isUsable()) {
            return NONE;
        }
        int opened = LinuxCalls.open(path);
        if (opened != NONE && !isSameFile(opened)) {
            LinuxCalls.close(opened);
            return NONE;
        }
        return opened;
    }

    /** Checks the identity: holes of another file that has replaced this one would hide real data. */
    private boolean isSameFile(int opened) {
        try {
            Path byDescriptor = Path.of("/proc/self/fd", Integer.toString(opened));
            Object found = Files.readAttributes(byDescriptor, BasicFileAttributes.class)
                    .fileKey();
            return key.equals(found);
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the parts of {@code window} inside the file that are not known to be holes. */
    public RangeSet dataRanges(Range window) {
        long end = Math.min(window.endOffset(), size);
        if (window.offset() >= end) {
            return RangeSet.empty();
        }
        int asked = descriptor();
        if (asked == NONE) {
            return RangeSet.of(Range.between(window.offset(), end));
        }
        RangeSet.Builder found = new RangeSet.Builder();
        long position = window.offset();
        try {
            for (int count = 0; position < end; count++) {
                long data = LinuxCalls.data(asked, position);
                if (data < 0 || data >= end) {
                    return found.build();
                }
                long hole = count < MOST_RANGES ? LinuxCalls.hole(asked, data) : end;
                if (data < position || hole <= data) {
                    break;
                }
                found.add(data, Math.min(hole, end));
                position = hole;
            }
        } catch (LastErrorException e) {
            // Reported below as data.
        }
        if (position < end) {
            found.add(position, end);
        }
        return found.build();
    }

    /** Whether the descriptor is open already, so that another query is cheap. */
    boolean wasAsked() {
        return descriptor != UNOPENED;
    }

    /**
     * Whether a sequential reader at {@code offset} will find its next data in the page cache: looks beyond the range
     * that Linux itself reads ahead, and outside holes. True if unknown.
     */
    boolean isCachedAheadOf(long offset) {
        int asked = descriptor();
        if (asked == NONE) {
            return true;
        }
        try {
            long data = offset + AHEAD < size ? LinuxCalls.data(asked, offset + AHEAD) : -1;
            long at = data < 0 ? offset : data;
            long length = Math.min(SAMPLE, size - at);
            long pages = LinuxCalls.cachedPages(asked, at, length);
            return pages < 0 || pages * PAGE * 2 >= length;
        } catch (LastErrorException e) {
            return true;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            if (descriptor >= 0) {
                LinuxCalls.close(descriptor);
            }
            descriptor = NONE;
        }
    }
}
