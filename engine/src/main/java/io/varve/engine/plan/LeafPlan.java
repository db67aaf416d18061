package io.varve.engine.plan;

import io.varve.engine.range.RangeSet;
import java.util.List;

/**
 * What to do for the part of a disk that one leaf of the block map covers.
 *
 * @param leaf index of the leaf
 * @param runs what to read, by offset
 * @param zero whole blocks that are known to be zeros without reading: changed, and no longer allocated
 */
public record LeafPlan(long leaf, List<Run> runs, RangeSet zero) {}
