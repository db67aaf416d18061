package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.Extent;
import io.varve.adapters.vhdx.format.PayloadState;

/**
 * A part of a virtual disk that is contiguous in one file of its chain, or in no file.
 *
 * @param virtualOffset first byte, on the disk
 * @param length in bytes
 * @param state of its blocks in the file that decides. Absent sectors of a partially present block, and what is beyond
 *     the end of a file, are NOT_PRESENT
 * @param layer number of the file that contains it or says that it is zeros; the leaf is 0. {@link #NOWHERE} if no file
 *     does
 * @param fileOffset first byte, in that file; {@link #NOWHERE} if it is in no file
 */
public record Segment(long virtualOffset, long length, PayloadState state, int layer, long fileOffset)
        implements Extent {
    /** Layer or file offset of a segment that has none. Such a segment reads as zeros. */
    public static final int NOWHERE = -1;

    /** Whether it is in a file. */
    @Override
    public boolean isPresent() {
        return fileOffset != NOWHERE;
    }

    @Override
    public boolean isParents() {
        return state == PayloadState.NOT_PRESENT;
    }

    /** Whether {@code next} continues this segment on the disk and, if they are present, in the same file. */
    public boolean joins(Segment next) {
        return endOffset() == next.virtualOffset
                && state == next.state
                && layer == next.layer
                && isPresent() == next.isPresent()
                && (!isPresent() || fileOffset + length == next.fileOffset);
    }

    Segment joined(Segment next) {
        return new Segment(virtualOffset, length + next.length, state, layer, fileOffset);
    }
}
