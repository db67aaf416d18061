package io.varve.store.index;

import io.varve.store.chunk.ChunkId;
import java.util.Map;
import java.util.Set;

/**
 * How the packs in the repository differ from those that an index knows.
 *
 * @param unknown packs that are there, unknown to the index
 * @param absent packs the index knows that are not there
 * @param otherLength packs whose length is not the one the index knows, with the length that was found; empty if only
 *     names were compared
 */
public record PackComparison(Set<ChunkId> unknown, Set<ChunkId> absent, Map<ChunkId, Long> otherLength) {}
