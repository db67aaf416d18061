package io.varve.store.check;

import io.varve.store.chunk.ChunkId;
import java.util.BitSet;

/**
 * State of one pack during a check. About 150 bytes of heap. Written by the worker that checks the pack, read when all
 * workers are done.
 */
final class CheckedPack {
    final ChunkId id;
    final long size;
    /** Whether its footer could be read; without it nothing in it can be found. */
    boolean hasFooter;
    /** Frames that were read and do not match the footer; null when there are none. */
    private BitSet damaged;
    /** Of its frames: what of the index has to be the same, see {@link IndexCheck}. */
    long frameSum;
    /** Of the entries of the index that name this pack. */
    long indexSum;

    CheckedPack(ChunkId id, long size) {
        this.id = id;
        this.size = size;
    }

    void damaged(int frame) {
        if (damaged == null) {
            damaged = new BitSet();
        }
        damaged.set(frame);
    }

    boolean isDamaged() {
        return !hasFooter || damaged != null;
    }

    boolean isDamaged(int frame) {
        return damaged != null && damaged.get(frame);
    }
}
