package io.varve.adapters.raw;

import io.varve.adapters.file.BlockDevice;
import io.varve.adapters.file.FileUse;
import io.varve.adapters.file.OpenedFile;
import io.varve.adapters.file.SparseFile;
import io.varve.adapters.file.TargetClaim;
import io.varve.adapters.file.Transfer;
import io.varve.engine.port.ExistingDisk;
import io.varve.engine.port.SectorSizes;
import io.varve.engine.port.TargetException;
import io.varve.engine.port.TargetInUseException;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * An existing raw file or block device that is overwritten in place. Changes take effect immediately and cannot be
 * undone. Bytes past the size of the restored disk are not touched.
 *
 * <p>Threads must not be interrupted in here, because the JDK would close the channel.
 */
public final class ExistingRawDisk implements ExistingDisk {
    private final Path path;
    private final FileChannel channel;
    private final SparseFile holes;
    private final long size;
    private final long tailLength;
    private final TargetClaim claim;

    private ExistingRawDisk(Path path, OpenedFile opened, TargetClaim claim, long size) {
        this.path = path;
        this.claim = claim;
        this.channel = opened.channel();
        this.holes = new SparseFile(path, opened);
        this.size = size;
        this.tailLength = opened.size() - size;
    }

    /**
     * Opens {@code path} to write {@code size} bytes from its beginning. Until it is closed, others are kept from
     * mounting or starting it, as far as this system allows.
     *
     * @throws TargetInUseException if it is in use
     * @throws TargetException if there is no such file, it cannot be written, or it is smaller than {@code size}
     */
    public static ExistingRawDisk open(Path path, long size) throws IOException {
        return open(path, size, TargetClaim::take);
    }

    /**
     * As {@link #open(Path, long)}, even if it is in use, when the operator insists. {@link FileUse#users} says who
     * uses it.
     */
    public static ExistingRawDisk openInUse(Path path, long size) throws IOException {
        return open(path, size, file -> TargetClaim.NONE);
    }

    private interface Claiming {
        TargetClaim claim(Path path) throws IOException;
    }

    private static ExistingRawDisk open(Path path, long size, Claiming claiming) throws IOException {
        if (!Files.exists(path)) {
            throw new TargetException(path + ": expected an existing file or block device, found none");
        }
        TargetClaim claim = claiming.claim(path);
        try {
            OpenedFile opened = open(path, claim);
            if (opened.size() < size) {
                opened.channel().close();
                throw new TargetException(
                        path + ": is too small: expected at least " + size + " bytes, found " + opened.size());
            }
            return new ExistingRawDisk(path, opened, claim, size);
        } catch (IOException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    private static OpenedFile open(Path path, TargetClaim claim) throws TargetException {
        try {
            return OpenedFile.open(path, () -> claim.open(path));
        } catch (IOException e) {
            throw new TargetException(path + ": cannot be opened for writing: " + Reason.of(e), e);
        }
    }

    /** Sector sizes of a device; empty for a file. */
    public Optional<SectorSizes> sectorSizes() {
        return BlockDevice.sectorSizes(path);
    }

    @Override
    public long size() {
        return size;
    }

    /** Number of bytes past {@link #size()} that the file or device has. They are not changed. */
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

    /** Writes zeros and punches no holes, so that a device or a preallocated file keeps its space. */
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
        try (claim) {
            holes.close();
            channel.close();
        }
    }
}
