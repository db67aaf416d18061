package io.varve.adapters.file;

import com.sun.jna.LastErrorException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Where the holes of a sparse file are, as Linux tells with {@code lseek(SEEK_DATA, SEEK_HOLE)}. Anywhere else, and
 * whenever anything about it fails (no JNA, a file system without holes, a block device, a name that does not survive
 * encoding), the answer is that all of it may be data: a hole missed costs time, a hole invented costs data.
 *
 * <p>Threading: any number of threads may ask; {@code close} must not race with them. It owns a file descriptor of its
 * own, since the position that lseek moves belongs to the descriptor and the JDK does not show its own.
 */
final class SparseFile implements AutoCloseable {
    /** Most holes an answer tells apart, 16 bytes of heap each; what follows them in the window counts as data. */
    private static final int MOST_RANGES = 1 << 16;

    private static final int NONE = -1;

    /** Nobody asked yet: JNA takes a good tenth of a second to load, which many a command can do without. */
    private static final int UNOPENED = -2;

    private final Path path;
    private final long size;

    /** See {@link OpenedFile#key}. */
    private final Object key;

    private volatile int descriptor = UNOPENED;

    /** Opens nothing yet. */
    SparseFile(Path path, OpenedFile opened) {
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
        if (key == null || !Files.isRegularFile(path) || !LinuxSeek.isUsable()) {
            return NONE;
        }
        int opened = LinuxSeek.open(path);
        if (opened != NONE && !isSameFile(opened)) {
            LinuxSeek.close(opened);
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
    RangeSet dataRanges(Range window) {
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
                long data = LinuxSeek.data(asked, position);
                if (data < 0 || data >= end) {
                    return found.build();
                }
                long hole = count < MOST_RANGES ? LinuxSeek.hole(asked, data) : end;
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

    @Override
    public void close() {
        synchronized (this) {
            if (descriptor >= 0) {
                LinuxSeek.close(descriptor);
            }
            descriptor = NONE;
        }
    }
}
