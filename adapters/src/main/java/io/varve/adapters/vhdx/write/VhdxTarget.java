package io.varve.adapters.vhdx.write;

import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.adapters.vhdx.format.VhdxFormat;
import io.varve.adapters.vhdx.read.Segment;
import io.varve.engine.port.ByteTarget;
import io.varve.engine.port.DiskTarget;
import io.varve.engine.port.TargetException;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A new dynamic or fixed VHDX (MS-VHDX 2). In a dynamic one a block is allocated when the first non-zero byte is
 * written to it, and other blocks have the state ZERO; in a fixed one all blocks are allocated, in order. A crash never
 * leaves a file that looks complete.
 *
 * <p>Threading: as in {@link DiskTarget}. Heap: one bit per block, 8 MiB for 64 TiB with the smallest blocks.
 */
public final class VhdxTarget implements DiskTarget {
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(64 * VhdxFormat.KIB).asReadOnlyBuffer();

    private final NewVhdxFile file;
    private final NewVhdx disk;

    private VhdxTarget(NewVhdxFile file, NewVhdx disk) {
        this.file = file;
        this.disk = disk;
    }

    /**
     * Creates a disk that gets the name {@code name} at commit.
     *
     * @param disk a disk without a parent; with one, use {@link VhdxDifferenceTarget}
     * @param replace whether an existing file of that name is replaced at commit; otherwise it is an error
     * @throws TargetException if such a disk is impossible, or the file cannot be created
     */
    public static VhdxTarget create(Path name, NewVhdx disk, boolean replace) throws IOException {
        if (disk.parent().isPresent()) {
            throw new IllegalArgumentException("a disk with a parent");
        }
        return new VhdxTarget(NewVhdxFile.create(name, disk, replace), disk);
    }

    /**
     * Creates a disk without a parent in a file of {@code maker}.
     *
     * @param name for messages
     */
    public static VhdxTarget create(String name, ByteTarget.Maker maker, NewVhdx disk) throws IOException {
        return new VhdxTarget(NewVhdxFile.create(name, maker, disk), disk);
    }

    @Override
    public long size() {
        return disk.size();
    }

    @Override
    public String location() {
        return file.location();
    }

    @Override
    public void write(long offset, ByteBuffer source) throws IOException {
        Objects.checkFromIndexSize(offset, (long) source.remaining(), disk.size());
        int limit = source.limit();
        try {
            for (long position = offset; source.position() < limit; ) {
                long block = position / disk.blockSize();
                int inBlock = (int) (position % disk.blockSize());
                int length = Math.min(limit - source.position(), disk.blockSize() - inBlock);
                source.limit(source.position() + length);
                writeInBlock(block, inBlock, source);
                position += length;
            }
        } finally {
            source.limit(limit);
        }
    }

    private void writeInBlock(long block, int inBlock, ByteBuffer source) throws IOException {
        long place;
        synchronized (file.lock(block)) {
            if (file.isPlaced(block)) {
                place = file.placeOf(block);
            } else if (isZero(source)) {
                source.position(source.limit());
                return;
            } else {
                // The space was never used, so unwritten parts of the block read as zeros.
                place = file.place(block);
            }
        }
        file.write(place + inBlock, source);
    }

    private static boolean isZero(ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            int length = Math.min(rest.remaining(), ZEROS.capacity());
            ByteBuffer piece = rest.duplicate().limit(rest.position() + length);
            if (piece.mismatch(ZEROS.duplicate().limit(length)) >= 0) {
                return false;
            }
            rest.position(rest.position() + length);
        }
        return true;
    }

    /** Writes zeros to allocated blocks, and nothing to others. */
    @Override
    public void zero(Range range) throws IOException {
        Objects.checkFromIndexSize(range.offset(), range.length(), disk.size());
        long blockSize = disk.blockSize();
        long block = file.nextPlaced(range.offset() / blockSize);
        for (; block * blockSize < range.endOffset(); block = file.nextPlaced(block + 1)) {
            long offset = Math.max(block * blockSize, range.offset());
            long endOffset = Math.min((block + 1) * blockSize, range.endOffset());
            file.writeZeros(file.placeOf(block) + offset % blockSize, endOffset - offset);
        }
    }

    @Override
    public void commit() throws IOException {
        file.commit(new NewVhdxFile.Entries() {
            @Override
            public long payload(long block, long place) {
                return place == Segment.NOWHERE ? PayloadState.ZERO.code() : BatEntry.present(place);
            }

            @Override
            public long bitmap(long chunk) {
                return 0;
            }
        });
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
