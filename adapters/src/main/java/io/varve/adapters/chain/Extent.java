package io.varve.adapters.chain;

/**
 * What one file of a chain says of a part of the disk: it is in this file, it is zeros, or it is for the parent to say.
 */
public interface Extent {
    /** First byte, in the disk. */
    long virtualOffset();

    /** Bytes; at least one. */
    long length();

    /** First byte in the file, if it {@link #isPresent()}. */
    long fileOffset();

    /** Whether it lies in the file, in one piece. */
    boolean isPresent();

    /**
     * Whether the file says nothing, so that the parent's content counts. What is neither that nor present is zeros.
     */
    boolean isParents();

    /** First byte behind it, in the disk. */
    default long endOffset() {
        return virtualOffset() + length();
    }
}
