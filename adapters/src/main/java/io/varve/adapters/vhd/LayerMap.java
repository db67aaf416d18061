package io.varve.adapters.vhd;

import io.varve.adapters.chain.Extent;
import io.varve.engine.port.ByteSource;
import java.io.IOException;

/**
 * Says where in its own file a disk, or what a differencing disk holds itself, lies. Threads may ask at once; it is
 * usable as long as its layer is open.
 */
interface LayerMap {
    /**
     * A part of the disk that lies in one piece in the file, or not at all.
     *
     * @param virtualOffset first byte, in the disk
     * @param length bytes
     * @param fileOffset first byte, in the file; {@link #NOWHERE} if it is not there
     */
    record Segment(long virtualOffset, long length, long fileOffset) implements Extent {
        static final long NOWHERE = -1;

        @Override
        public boolean isPresent() {
            return fileOffset != NOWHERE;
        }

        /** A VHD does not tell zeros from what is not there. */
        @Override
        public boolean isParents() {
            return !isPresent();
        }
    }

    /**
     * The segment that begins at {@code virtualOffset} and ends at or before {@code endOffset}. O(1) per block it goes
     * over.
     *
     * @param endOffset greater than {@code virtualOffset}, at most the size of the disk
     */
    Segment segment(long virtualOffset, long endOffset) throws IOException;

    /** Of a fixed disk, whose bytes are the first of the file. */
    static LayerMap fixed() {
        return (virtualOffset, endOffset) -> new Segment(virtualOffset, endOffset - virtualOffset, virtualOffset);
    }

    /**
     * Of a dynamic disk. Its sector bitmaps are not consulted: a sector that was never written reads as what is in the
     * file, which is what all other readers do.
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

    /** Of a differencing disk: what a block holds is for its sector bitmap to say. */
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
