package io.varve.store.index;

import io.varve.store.chunk.ChunkId;
import java.util.Set;

/**
 * How the packs in the repository differ from those that an index knows.
 *
 * @param unknown packs in the repository that the index does not know
 * @param absent packs that the index knows and the repository does not have
 */
public record PackComparison(Set<ChunkId> unknown, Set<ChunkId> absent) {}
