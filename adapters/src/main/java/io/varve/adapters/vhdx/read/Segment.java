package io.varve.adapters.vhdx.read;

import io.varve.adapters.chain.Extent;
import io.varve.adapters.vhdx.format.PayloadState;

/**
 * A part of a virtual disk that lies in one piece in one file of its chain, or nowhere.
 *
 * @param virtualOffset first byte, in the disk
 * @param length bytes
 * @param state of the blocks it consists of, in the file that decides; the absent sectors of a partially present block,
 *     and what lies behind the end of a file, are NOT_PRESENT
 * @param layer number of the file that holds it or says that it is zeros, the leaf being 0; {@link #NOWHERE} when no
 *     file says anything
 * @param fileOffset first byte, in that file; {@link #NOWHERE} unless it lies there
 */
public record Segment(long virtualOffset, long length, PayloadState state, int layer, long fileOffset)
        implements Extent {
    /** Layer or file offset of what has none; it reads as zeros. */
    public static final int NOWHERE = -1;

    /** Whether it lies in a file. */
    @Override
    public boolean isPresent() {
        return fileOffset != NOWHERE;
    }

    @Override
    public boolean isParents() {
        return state == PayloadState.NOT_PRESENT;
    }

    /** Whether {@code next} continues this one in the disk and, if they are present, in the same file. */
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
