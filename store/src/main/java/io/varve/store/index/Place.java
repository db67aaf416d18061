package io.varve.store.index;

import io.varve.store.chunk.ChunkId;

/**
 * The place of a chunk's frame.
 *
 * @param offset of the frame in the pack
 * @param storedLength length of the payload in bytes; the frame is
 *     {@link io.varve.store.pack.PackFormat#FRAME_HEADER_SIZE} longer
 */
public record Place(ChunkId packId, long offset, int storedLength) {}
