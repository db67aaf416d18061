package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.LayeredDisk;
import io.varve.adapters.vhdx.format.BatEntry;
import io.varve.adapters.vhdx.format.BlockGeometry;
import io.varve.adapters.vhdx.format.PayloadState;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * Translates addresses of the virtual disk into addresses of one VHDX file (MS-VHDX 2.5). Of a differencing disk it
 * knows what this one file has, and nothing of the parents; {@link VhdxAddressMap} puts the files together.
 *
 * <p>With {@code blockSize} and {@code chunkRatio} of the file, the byte {@code v} of the disk lies in block {@code b =
 * v / blockSize}, whose entry is number {@code b + b / chunkRatio} of the BAT; if that says FULLY_PRESENT at offset
 * {@code o}, the byte is byte {@code o + v % blockSize} of the file. The same holds for PARTIALLY_PRESENT and the
 * sectors whose bit is set.
 *
 * <p>Threading: any number of threads may ask at once. Memory: a bounded part of the BAT and of the bitmaps.
 */
final class LayerMap implements LayeredDisk.Layer<Segment> {
    private final ByteSource source;
    private final int layer;
    private final BlockTable table;
    private final SectorBitmaps bitmaps;
    private final BlockGeometry geometry;

    /**
     * @param source the file
     * @param layer its number in its chain
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

    /** Where in the file {@code block} lies; -1 when it does not. */
    long placeOf(long block) throws IOException {
        long entry = table.entry(block);
        return PayloadState.of(BatEntry.stateCode(entry)).hasPlace() ? BatEntry.offset(entry) : Segment.NOWHERE;
    }

    /**
     * {@inheritDoc}
     *
     * <p>The segment that begins at {@code virtualOffset} and ends at or before {@code endOffset}: all blocks that
     * follow in the same state (and, if they are present, in the file too), or a piece of one partially present block.
     * O(1) per block it goes over.
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
