package io.varve.adapters.vhd;

import io.varve.engine.port.ByteTarget;
import io.varve.engine.range.Range;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A new dynamic VHD. A block is allocated when the first non-zero byte is written to it; other blocks are absent. The
 * sector bitmaps mark all sectors as present.
 *
 * <p>A block is allocated under one of {@value #STRIPES} locks. Heap: four bytes per block, 16 MiB for the largest disk
 * in the smallest blocks.
 */
final class DynamicTarget extends VhdTarget {
    private static final int STRIPES = 64;
    private static final int TABLE_PIECE = VhdFormat.MIB;
    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(64 * VhdFormat.KIB).asReadOnlyBuffer();

    private final NewLayout layout;
    private final BlockGeometry geometry;

    /** Offset of the next block to be allocated. */
    private final AtomicLong nextPlace;

    /** Sector at which each block begins, unsigned; 0 for an absent block. Set under the lock of the block. */
    private final AtomicIntegerArray places;

    private final Object[] stripes = new Object[STRIPES];

    DynamicTarget(ByteTarget file, NewLayout layout) {
        super(file, layout);
        this.layout = layout;
        this.geometry = layout.geometry();
        this.nextPlace = new AtomicLong(layout.firstBlockOffset());
        this.places = new AtomicIntegerArray(Math.toIntExact(geometry.blockCount()));
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Object();
        }
    }

    @Override
    void writeInside(long offset, ByteBuffer source) throws IOException {
        int limit = source.limit();
        int blockSize = (int) geometry.blockSize();
        try {
            for (long position = offset; source.position() < limit; ) {
                int block = (int) (position / blockSize);
                int inBlock = (int) (position % blockSize);
                int length = Math.min(limit - source.position(), blockSize - inBlock);
                source.limit(source.position() + length);
                writeInBlock(block, inBlock, source);
                position += length;
            }
        } finally {
            source.limit(limit);
        }
    }

    private void writeInBlock(int block, int inBlock, ByteBuffer source) throws IOException {
        synchronized (stripes[block % STRIPES]) {
            if (places.get(block) == 0 && !isZero(source)) {
                // The space was never used, so unwritten parts of the block read as zeros.
                long place = nextPlace.getAndAdd(geometry.placeSize());
                file().write(place, fullBitmap());
                places.set(block, (int) (place / VhdFormat.SECTOR));
            }
        }
        if (places.get(block) == 0) {
            source.position(source.limit());
        } else {
            file().write(dataOffset(block) + inBlock, source);
        }
    }

    /** Returns a full bitmap. For both block sizes it fits into one sector; the rest is zeros. */
    private ByteBuffer fullBitmap() {
        byte[] bitmap = new byte[(int) geometry.bitmapSize()];
        Arrays.fill(bitmap, 0, (int) (geometry.blockSize() / VhdFormat.SECTOR / Byte.SIZE), (byte) 0xFF);
        return ByteBuffer.wrap(bitmap);
    }

    private long dataOffset(int block) {
        return Integer.toUnsignedLong(places.get(block)) * VhdFormat.SECTOR + geometry.bitmapSize();
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

    /** Writes zeros to allocated blocks, and nothing to absent ones. */
    @Override
    void zeroInside(Range range) throws IOException {
        long blockSize = geometry.blockSize();
        for (long block = range.offset() / blockSize; block * blockSize < range.endOffset(); block++) {
            if (places.get((int) block) != 0) {
                long offset = Math.max(block * blockSize, range.offset());
                long endOffset = Math.min((block + 1) * blockSize, range.endOffset());
                file().writeZeros(dataOffset((int) block) + offset % blockSize, endOffset - offset);
            }
        }
    }

    @Override
    long complete() throws IOException {
        file().write(NewLayout.HEADER_OFFSET, layout.header());
        long size = layout.firstBlockOffset() - NewLayout.TABLE_OFFSET;
        for (long at = 0; at < size; at += TABLE_PIECE) {
            file().write(NewLayout.TABLE_OFFSET + at, table(at, (int) Math.min(TABLE_PIECE, size - at)));
        }
        // Missing bytes of the last block read as zeros once the footer is written after them.
        return nextPlace.get();
    }

    /**
     * Encodes {@code length} bytes of the BAT from its byte {@code at} on, including unused entries after the last
     * block.
     */
    private ByteBuffer table(long at, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int block = (int) (at / VhdFormat.ENTRY_SIZE);
        for (; bytes.hasRemaining(); block++) {
            boolean placed = block < places.length() && places.get(block) != 0;
            bytes.putInt(placed ? places.get(block) : VhdFormat.ABSENT);
        }
        return bytes.flip();
    }
}
