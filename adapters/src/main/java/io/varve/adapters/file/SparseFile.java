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

    private final long size;
    private int descriptor;

    private SparseFile(long size, int descriptor) {
        this.size = size;
        this.descriptor = descriptor;
    }

    /** Never fails: a file whose holes cannot be asked for is one without holes. */
    static SparseFile open(Path path, OpenedFile opened) {
        if (opened.key() == null || !isRegular(path) || !LinuxSeek.isUsable()) {
            return new SparseFile(opened.size(), NONE);
        }
        int descriptor = LinuxSeek.open(path);
        if (descriptor != NONE && !isSameFile(descriptor, opened)) {
            LinuxSeek.close(descriptor);
            descriptor = NONE;
        }
        return new SparseFile(opened.size(), descriptor);
    }

    private static boolean isRegular(Path path) {
        return Files.isRegularFile(path);
    }

    /** Holes of another file that took over the path would make real data vanish. */
    private static boolean isSameFile(int descriptor, OpenedFile opened) {
        try {
            Path byDescriptor = Path.of("/proc/self/fd", Integer.toString(descriptor));
            Object key = Files.readAttributes(byDescriptor, BasicFileAttributes.class)
                    .fileKey();
            return opened.key().equals(key);
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
        if (descriptor == NONE) {
            return RangeSet.of(Range.between(window.offset(), end));
        }
        RangeSet.Builder found = new RangeSet.Builder();
        long position = window.offset();
        try {
            for (int count = 0; position < end; count++) {
                long data = LinuxSeek.data(descriptor, position);
                if (data < 0 || data >= end) {
                    return found.build();
                }
                long hole = count < MOST_RANGES ? LinuxSeek.hole(descriptor, data) : end;
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
        if (descriptor != NONE) {
            LinuxSeek.close(descriptor);
            descriptor = NONE;
        }
    }
}
