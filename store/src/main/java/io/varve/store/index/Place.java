package io.varve.store.index;

import io.varve.store.chunk.ChunkId;

/**
 * Where a chunk's frame lies.
 *
 * @param offset of the frame in the pack
 * @param storedLength of the payload; the frame is {@link io.varve.store.pack.PackFormat#FRAME_HEADER_SIZE} longer
 */
public record Place(ChunkId packId, long offset, int storedLength) {}
