package io.varve.store.check;

/**
 * What the footers of all packs say.
 *
 * @param table which chunks there are, of one slice at a time
 * @param places where pages of block maps are
 * @param lengths chunks that have another length than a whole block
 */
record PackFacts(ChunkTable table, PagePlaces places, OddLengths lengths) {}
