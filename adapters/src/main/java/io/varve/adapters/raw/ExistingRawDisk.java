package io.varve.adapters.raw;

import io.varve.adapters.file.OpenedFile;
import io.varve.adapters.file.SparseFile;
import io.varve.adapters.file.Transfer;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A raw file or block device that exists and is brought to the wanted content in place. It is changed as it is written;
 * there is no way back. What lies behind the wanted size is left alone.
 *
 * <p>Never interrupt a thread in here: the JDK closes the channel.
 */
public final class ExistingRawDisk implements ExistingDisk {
    private final Path path;
    private final FileChannel channel;
    private final SparseFile holes;
    private final long size;
    private final long tailLength;

    private ExistingRawDisk(Path path, OpenedFile opened, long size) {
        this.path = path;
        this.channel = opened.channel();
        this.holes = new SparseFile(path, opened);
        this.size = size;
        this.tailLength = opened.size() - size;
    }

    /**
     * Opens {@code path} for writing {@code size} bytes from its beginning.
     *
     * @throws TargetException when there is no such file, it cannot be written, or it is smaller than {@code size}
     */
    public static ExistingRawDisk open(Path path, long size) throws IOException {
        OpenedFile opened;
        try {
            opened = OpenedFile.open(
                    path, () -> FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (NoSuchFileException e) {
            throw new TargetException(path + ": expected an existing file or block device, found none", e);
        } catch (IOException e) {
            throw new TargetException(path + ": cannot be opened for writing: " + Reason.of(e), e);
        }
        if (opened.size() < size) {
            opened.channel().close();
            throw new TargetException(
                    path + ": is too small: expected at least " + size + " bytes, found " + opened.size());
        }
        return new ExistingRawDisk(path, opened, size);
    }

    @Override
    public long size() {
        return size;
    }

    /** Bytes behind {@link #size()} that the file or device has and that stay as they are. */
    public long tailLength() {
        return tailLength;
    }

    @Override
    public String location() {
        return path.toString();
    }

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
        Objects.checkFromIndexSize(offset, (long) target.remaining(), size);
        Transfer.read(channel, offset, target);
    }

    @Override
    public RangeSet allocated(Range window) {
        return holes.dataRanges(window);
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        Objects.checkFromIndexSize(offset, (long) source.remaining(), size);
        try {
            Transfer.write(channel, offset, source);
        } catch (IOException e) {
            throw new TargetException(path + ": writing at offset " + offset + " failed: " + Reason.of(e), e);
        }
    }

    /** Writes zeros and punches no holes, so that the space a device or a preallocated file has stays its own. */
    @Override
    public void zero(Range range) throws IOException {
        Objects.checkFromIndexSize(range.offset(), range.length(), size);
        try {
            Transfer.writeZeros(channel, range.offset(), range.length());
        } catch (IOException e) {
            throw new TargetException(
                    path + ": writing zeros at offset " + range.offset() + " failed: " + Reason.of(e), e);
        }
    }

    @Override
    public void commit() throws IOException {
        try {
            channel.force(true);
        } catch (IOException e) {
            throw new TargetException(path + ": flushing failed: " + Reason.of(e), e);
        }
    }

    @Override
    public void close() throws IOException {
        holes.close();
        channel.close();
    }
}
