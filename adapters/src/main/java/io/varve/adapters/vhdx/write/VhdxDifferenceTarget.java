package io.varve.adapters.vhdx.write;

import io.varve.adapters.file.AtomicBits;
import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A new differencing VHDX (MS-VHDX 2.5, 2.5.2): holds what is written to it, and leaves everything else to its parent.
 * Unlike other new targets it reads as its parent before the first write, so zeros must be written where the parent has
 * data. A block whose sectors were all written becomes FULLY_PRESENT, others PARTIALLY_PRESENT with a sector bitmap;
 * whole blocks of zeros take no space (ZERO). A crash never leaves a file that looks complete.
 *
 * <p>Threading: as in {@link DiskTarget}. Heap: two bits per block and 8 bytes per sector bitmap, 17 MiB for 64 TiB
 * with the smallest blocks.
 */
public final class VhdxDifferenceTarget implements DiskTarget {
    private final NewVhdxFile file;
    private final NewVhdx disk;

    /** Blocks that are all zeros. */
    private final AtomicBits zeroed;

    /** Offset in the file of each chunk's sector bitmap; 0 if there is none. Guarded by its own lock. */
    private final long[] bitmaps;

    private VhdxDifferenceTarget(NewVhdxFile file, NewVhdx disk) {
        this.file = file;
        this.disk = disk;
        BlockGeometry geometry = file.geometry();
        this.zeroed = new AtomicBits(geometry.blockCount());
        this.bitmaps = new long[Math.toIntExact((geometry.blockCount() - 1) / geometry.chunkRatio() + 1)];
    }

    /**
     * Creates a disk that gets the name {@code name} at commit.
     *
     * @param disk with a parent
     * @param replace whether an existing file of that name is replaced at commit; otherwise it is an error
     * @throws TargetException if such a disk is impossible, or the file cannot be created
     */
    public static VhdxDifferenceTarget create(Path name, NewVhdx disk, boolean replace) throws IOException {
        if (disk.parent().isEmpty()) {
            throw new IllegalArgumentException("a disk without a parent");
        }
        return new VhdxDifferenceTarget(NewVhdxFile.create(name, disk, replace), disk);
    }

    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public String location() {
        return file.location();
    }

    /** A part of one block. */
    private interface Part {
        /** @param inBlock offset in the block in bytes */
        void accept(long block, int inBlock, int length) throws IOException;
    }

    private void split(long offset, long length, Part part) throws IOException {
        Objects.checkFromIndexSize(offset, length, disk.size());
        int sector = disk.logicalSectorSize();
        if (offset % sector != 0 || length % sector != 0) {
            throw new IllegalArgumentException("[" + offset + ", +" + length + ") is not whole sectors of " + sector
                    + " bytes, and the rest of a sector is the parent's");
        }
        for (long position = offset; position < offset + length; ) {
            int inBlock = (int) (position % disk.blockSize());
            int count = (int) Math.min(offset + length - position, disk.blockSize() - inBlock);
            part.accept(position / disk.blockSize(), inBlock, count);
            position += count;
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the range is not made of whole sectors
     */
    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        int limit = source.limit();
        try {
            split(offset, source.remaining(), (block, inBlock, length) -> {
                source.limit(source.position() + length);
                synchronized (file.lock(block)) {
                    file.write(hold(block, inBlock, length) + inBlock, source);
                }
            });
        } finally {
            source.limit(limit);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the range is not made of whole sectors
     */
    @Override
    public void zero(Range range) throws IOException {
        split(range.offset(), range.length(), (block, inBlock, length) -> {
            synchronized (file.lock(block)) {
                boolean known = file.isPlaced(block);
                if (!known && length == file.geometry().lengthInDisk(block)) {
                    zeroed.set(block);
                } else if (known || !zeroed.get(block)) {
                    // A newly allocated block already contains zeros.
                    long place = hold(block, inBlock, length);
                    if (known) {
                        file.writeZeros(place + inBlock, length);
                    }
                }
            }
        });
    }

    /**
     * Allocates the block if necessary and marks sectors of it as present in this file. Called under its lock. Returns
     * its offset in the file.
     */
    private long hold(long block, int inBlock, int length) throws IOException {
        boolean known = file.isPlaced(block);
        long place = known ? file.placeOf(block) : file.place(block);
        boolean whole = !known && zeroed.get(block);
        // If the block was all zeros, all its sectors stay present in this file; new space reads as zeros.
        markSectors(block, whole ? 0 : inBlock, whole ? disk.blockSize() : length);
        return place;
    }

    private void markSectors(long block, int inBlock, int length) throws IOException {
        BlockGeometry geometry = file.geometry();
        int chunk = (int) (block / geometry.chunkRatio());
        int sector = disk.logicalSectorSize();
        long first = (block % geometry.chunkRatio() * geometry.blockSize() + inBlock) / sector;
        long end = first + length / sector;
        // Blocks under different locks share a bitmap but no byte of it, because a block has at least 256 sectors.
        long bitmap = bitmap(chunk);
        ByteBuffer bytes = ByteBuffer.allocate((int) ((end + 7) / 8 - first / 8));
        file.read(bitmap + first / 8, bytes);
        for (long bit = first; bit < end; bit++) {
            int at = (int) (bit / 8 - first / 8);
            bytes.put(at, (byte) (bytes.get(at) | 1 << bit % 8));
        }
        file.write(bitmap + first / 8, bytes.flip());
    }

    private long bitmap(int chunk) throws IOException {
        synchronized (bitmaps) {
            if (bitmaps[chunk] == 0) {
                bitmaps[chunk] = file.placeBitmap();
            }
            return bitmaps[chunk];
        }
    }

    @Override
    public void commit() throws IOException {
        file.commit(new NewVhdxFile.Entries() {
            @Override
            public long payload(long block, long place) throws IOException {
                if (place == Segment.NOWHERE) {
                    return zeroed.get(block) ? PayloadState.ZERO.code() : PayloadState.NOT_PRESENT.code();
                }
                PayloadState state = isComplete(block) ? PayloadState.FULLY_PRESENT : PayloadState.PARTIALLY_PRESENT;
                return place | state.code();
            }

            @Override
            public long bitmap(long chunk) {
                long place = bitmaps[(int) chunk];
                return place == 0 ? 0 : BatEntry.present(place);
            }
        });
    }

    /** Whether all sectors of the block inside the disk were written. */
    private boolean isComplete(long block) throws IOException {
        BlockGeometry geometry = file.geometry();
        int sectors = (int) (geometry.lengthInDisk(block) / disk.logicalSectorSize());
        long first = block % geometry.chunkRatio() * geometry.blockSize() / disk.logicalSectorSize();
        ByteBuffer bytes = ByteBuffer.allocate((sectors + 7) / 8);
        file.read(bitmaps[(int) (block / geometry.chunkRatio())] + first / 8, bytes);
        for (int sector = 0; sector < sectors; sector++) {
            if ((bytes.get(sector / 8) & 1 << sector % 8) == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
