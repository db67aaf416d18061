package io.varve.engine.plan;

import io.varve.engine.range.RangeSet;
import java.util.List;

/**
 * What to do in the part of a disk that one leaf of the block map covers.
 *
 * @param leaf index of the leaf
 * @param runs what to read, ordered by offset
 * @param zero whole blocks that are known to be zeros without reading, because they changed and are no longer allocated
 */
public record LeafPlan(long leaf, List<Run> runs, RangeSet zero) {}
