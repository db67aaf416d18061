package io.varve.store.check;

/**
 * The content of all pack footers.
 *
 * @param table the chunks of one slice at a time
 * @param places the places of block map pages
 * @param lengths chunks that are not as long as a block
 */
record PackFacts(ChunkTable table, PagePlaces places, OddLengths lengths) {}
