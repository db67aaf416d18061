package io.varve.adapters.vhd;

import io.varve.adapters.chain.Extent;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * Maps a disk, or the part of it that a differencing disk holds, to offsets in its file. Thread-safe; usable while its
 * layer is open.
 */
interface LayerMap {
    /**
     * A part of the disk that is in one piece in the file, or not in it at all.
     *
     * @param virtualOffset first byte, in the disk
     * @param length bytes
     * @param fileOffset offset in the file; {@link #NOWHERE} if it is not in the file
     */
    record Segment(long virtualOffset, long length, long fileOffset) implements Extent {
        static final long NOWHERE = -1;

        @Override
        public boolean isPresent() {
            return fileOffset != NOWHERE;
        }

        /** A VHD does not distinguish zeros from absent parts. */
        @Override
        public boolean isParents() {
            return !isPresent();
        }
    }

    /**
     * Returns the segment that begins at {@code virtualOffset} and ends at or before {@code endOffset}. O(1) per block.
     *
     * @param endOffset greater than {@code virtualOffset}, at most the size of the disk
     */
    Segment segment(long virtualOffset, long endOffset) throws IOException;

    /** Returns the map of a fixed disk, which begins at offset 0 of the file. */
    static LayerMap fixed() {
        return (virtualOffset, endOffset) -> new Segment(virtualOffset, endOffset - virtualOffset, virtualOffset);
    }

    /**
     * Returns the map of a dynamic disk. Sector bitmaps are ignored, as by all other readers: an unwritten sector reads
     * as the bytes in the file.
     */
    static LayerMap dynamic(BlockTable table) {
        return (virtualOffset, endOffset) -> {
            BlockGeometry geometry = table.geometry();
            long block = virtualOffset / geometry.blockSize();
            long place = table.place(block);
            long end = geometry.virtualOffset(block + 1);
            if (place == BlockRules.NOWHERE) {
                while (end < endOffset && table.place(++block) == BlockRules.NOWHERE) {
                    end += geometry.blockSize();
                }
                return new Segment(virtualOffset, Math.min(end, endOffset) - virtualOffset, Segment.NOWHERE);
            }
            long fileOffset = place + geometry.bitmapSize() + virtualOffset % geometry.blockSize();
            return new Segment(virtualOffset, Math.min(end, endOffset) - virtualOffset, fileOffset);
        };
    }

    /** Returns the map of a differencing disk, in which the sector bitmap of a block says which sectors it holds. */
    static LayerMap differencing(ByteSource source, BlockTable table, int slotCount) {
        LayerMap blocks = dynamic(table);
        SectorBitmaps bitmaps = new SectorBitmaps(source, slotCount);
        return (virtualOffset, endOffset) -> {
            Segment inBlock = blocks.segment(virtualOffset, endOffset);
            if (!inBlock.isPresent()) {
                return inBlock;
            }
            BlockGeometry geometry = table.geometry();
            long fromBlock = virtualOffset % geometry.blockSize();
            long bitmap = inBlock.fileOffset() - fromBlock - geometry.bitmapSize();
            long sector = fromBlock / VhdFormat.SECTOR;
            long end = (fromBlock + inBlock.length() - 1) / VhdFormat.SECTOR + 1;
            boolean present = bitmaps.isSet(bitmap, sector);
            long change = bitmaps.nextChange(bitmap, sector, end) * VhdFormat.SECTOR;
            return new Segment(
                    virtualOffset,
                    Math.min(inBlock.length(), change - fromBlock),
                    present ? inBlock.fileOffset() : Segment.NOWHERE);
        };
    }
}
