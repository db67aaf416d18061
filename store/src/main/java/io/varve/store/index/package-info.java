/**
 * Where a chunk is, in RocksDB: a cache of the packs' footers that can always be rebuilt. Reads packs and the lists of
 * condemned ones; nothing below it asks it anything.
 */
package io.varve.store.index;
