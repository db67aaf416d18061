package io.varve.store.index;

import io.varve.store.chunk.ChunkId;
import java.util.Map;
import java.util.Set;

/**
 * Differences between the packs that exist and those that an index knows.
 *
 * @param unknown packs that exist and that the index does not know
 * @param absent packs that the index knows and that do not exist
 * @param otherLength packs whose length differs from the index, each with its actual length; empty if only names were
 *     compared
 */
public record PackComparison(Set<ChunkId> unknown, Set<ChunkId> absent, Map<ChunkId, Long> otherLength) {}
