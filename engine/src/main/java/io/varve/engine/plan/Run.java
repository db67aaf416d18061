package io.varve.engine.plan;

/**
 * Consecutive blocks that are read, and owned, together. Never crosses the border of a leaf of the block map.
 *
 * @param offset in the virtual disk, a multiple of the block size
 * @param length bytes; whole blocks, but for the disk's last
 */
public record Run(long offset, int length, Reason reason) {
    /** Why a run is read. */
    public enum Reason {
        /** It may have changed, or nothing is known of it. */
        CHANGED,
        /** It should not have changed; read to check the change list. */
        AUDIT
    }
}
