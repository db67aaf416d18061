package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * Translates addresses of the virtual disk into addresses of one VHDX file (MS-VHDX 2.5). For a differencing disk this
 * covers only what is in this file, not in its parents; {@link VhdxAddressMap} combines the files.
 *
 * <p>With the file's {@code blockSize} and {@code chunkRatio}, byte {@code v} of the disk is in block {@code b = v /
 * blockSize}, whose entry has number {@code b + b / chunkRatio} in the BAT. If that entry says FULLY_PRESENT at offset
 * {@code o}, the byte is byte {@code o + v % blockSize} of the file. The same is true for PARTIALLY_PRESENT if the bit
 * of the sector is set.
 *
 * <p>Threading: any number of threads. Memory: a bounded part of the BAT and the bitmaps.
 */
final class LayerMap implements LayeredDisk.Layer<Segment> {
    private final ByteSource source;
    private final int layer;
    private final BlockTable table;
    private final SectorBitmaps bitmaps;
    private final BlockGeometry geometry;

    /**
     * @param source the file
     * @param layer number of the file in its chain
     */
    LayerMap(ByteSource source, int layer, BlockTable table, SectorBitmaps bitmaps) {
        this.source = source;
        this.layer = layer;
        this.table = table;
        this.bitmaps = bitmaps;
        this.geometry = table.geometry();
    }

    @Override
    public ByteSource source() {
        return source;
    }

    @Override
    public long size() {
        return geometry.diskSize();
    }

    BlockGeometry geometry() {
        return geometry;
    }

    /** Returns the offset of {@code block} in the file; -1 if it is not in the file. */
    long placeOf(long block) throws IOException {
        long entry = table.entry(block);
        return PayloadState.of(BatEntry.stateCode(entry)).hasPlace() ? BatEntry.offset(entry) : Segment.NOWHERE;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Returns the segment that begins at {@code virtualOffset} and ends at or before {@code endOffset}. It consists
     * of consecutive blocks in the same state, which are also consecutive in the file if they are present; or it is a
     * part of one partially present block. Takes O(1) per block.
     */
    @Override
    public Segment extent(long virtualOffset, long endOffset) throws IOException {
        if (virtualOffset < 0 || virtualOffset >= endOffset || endOffset > geometry.diskSize()) {
            throw new IndexOutOfBoundsException("not inside a disk of " + geometry.diskSize() + " bytes: ["
                    + virtualOffset + ", " + endOffset + ")");
        }
        long block = virtualOffset / geometry.blockSize();
        long inBlock = virtualOffset % geometry.blockSize();
        long entry = table.entry(block);
        PayloadState state = PayloadState.of(BatEntry.stateCode(entry));
        if (state == PayloadState.PARTIALLY_PRESENT) {
            long blockEnd = virtualOffset - inBlock + geometry.blockSize();
            return partial(block, virtualOffset, Math.min(endOffset, blockEnd), BatEntry.offset(entry) + inBlock);
        }
        boolean present = state == PayloadState.FULLY_PRESENT;
        long fileOffset = present ? BatEntry.offset(entry) + inBlock : Segment.NOWHERE;
        long end = virtualOffset - inBlock + geometry.blockSize();
        while (end < endOffset) {
            long next = table.entry(++block);
            boolean joins = BatEntry.stateCode(next) == state.code()
                    && (!present || BatEntry.offset(next) == fileOffset + (end - virtualOffset));
            if (!joins) {
                break;
            }
            end += geometry.blockSize();
        }
        return new Segment(virtualOffset, Math.min(end, endOffset) - virtualOffset, state, layer, fileOffset);
    }

    private Segment partial(long block, long virtualOffset, long endOffset, long fileOffset) throws IOException {
        SectorBitmaps.Stretch stretch = bitmaps.stretch(block, virtualOffset, endOffset);
        long length = stretch.endOffset() - virtualOffset;
        return stretch.present()
                ? new Segment(virtualOffset, length, PayloadState.PARTIALLY_PRESENT, layer, fileOffset)
                : new Segment(virtualOffset, length, PayloadState.NOT_PRESENT, layer, Segment.NOWHERE);
    }
}
