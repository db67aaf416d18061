package io.varve.adapters.file;

import com.sun.jna.LastErrorException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * What Linux knows of a file: which parts are in the page cache, and where the holes of a sparse file are, as it tells
 * with {@code lseek(SEEK_DATA, SEEK_HOLE)}. Anywhere else, and whenever anything about it fails (no JNA, a file system
 * without holes, a block device, a name that does not survive encoding), the answer is that all of it may be data: a
 * hole missed costs time, a hole invented costs data.
 *
 * <p>Threading: any number of threads may ask; {@code close} must not race with them. It owns a file descriptor of its
 * own, since the position that lseek moves belongs to the descriptor and the JDK does not show its own.
 */
public final class SparseFile implements AutoCloseable {
    /** Most holes an answer tells apart, 16 bytes of heap each; what follows them in the window counts as data. */
    private static final int MOST_RANGES = 1 << 16;

    /** The least that a page has. Where pages are larger, ranges pass for less cached than they are. */
    private static final int PAGE = 4096;

    private static final long AHEAD = 32 << 20;
    private static final long SAMPLE = 64 << 10;

    private static final int NONE = -1;

    /** Nobody asked yet: JNA takes a good tenth of a second to load, which many a command can do without. */
    private static final int UNOPENED = -2;

    private final Path path;
    private final long size;

    /** See {@link OpenedFile#key}. */
    private final Object key;

    private volatile int descriptor = UNOPENED;

    /** Opens nothing yet. */
    public SparseFile(Path path, OpenedFile opened) {
        this.path = path;
        this.size = opened.size();
        this.key = opened.key();
    }

    /** The descriptor, opened at the first question. Never fails: a file that cannot be asked is one without holes. */
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

    /** Holes of another file that took over the path would make real data vanish. */
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

    /** The parts of {@code window} inside the file that the file system does not know to be holes. */
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

    /** Whether a question would cost little, because there was one before. */
    boolean wasAsked() {
        return descriptor != UNOPENED;
    }

    /**
     * Whether the file is in the page cache where somebody will be soon who reads on from {@code offset}: as far ahead
     * as Linux itself does not read ahead, and not in a hole. True where that cannot be known.
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
