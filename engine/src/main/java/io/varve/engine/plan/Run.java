package io.varve.engine.plan;

/**
 * Consecutive blocks that one worker reads and processes together. Never crosses the boundary of a leaf.
 *
 * @param offset in the virtual disk, a multiple of the block size
 * @param length length in bytes; whole blocks, except at the end of the disk
 */
public record Run(long offset, int length, Reason reason) {
    /** Why a run is read. */
    public enum Reason {
        /** It may have changed, or nothing is known about it. */
        CHANGED,
        /** It should not have changed; read to check the change list. */
        AUDIT
    }
}
