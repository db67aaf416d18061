package io.varve.adapters.chain;

/**
 * What one file of a chain says about a part of the disk: the data is in this file, the part is zeros, or the parent
 * decides.
 */
public interface Extent {
    /** Offset of the first byte in the disk. */
    long virtualOffset();

    /** Length in bytes, at least 1. */
    long length();

    /** Offset of the first byte in the file, if the extent {@link #isPresent()}. */
    long fileOffset();

    /** Whether the data is in the file, in one piece. */
    boolean isPresent();

    /** Whether the parent's content applies. An extent that is neither this nor present is zeros. */
    boolean isParents();

    /** Offset of the first byte after it in the disk. */
    default long endOffset() {
        return virtualOffset() + length();
    }
}
