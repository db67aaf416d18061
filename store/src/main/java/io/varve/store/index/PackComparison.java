package io.varve.store.index;

import io.varve.store.chunk.ChunkId;
import java.util.Set;

/**
 * How the packs in the repository differ from those that an index knows.
 *
 * @param unknown packs that are there, unknown to the index
 * @param absent packs the index knows that are not there
 */
public record PackComparison(Set<ChunkId> unknown, Set<ChunkId> absent) {}
