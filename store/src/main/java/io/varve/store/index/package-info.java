/**
 * The index: where each chunk is, in RocksDB. A cache of the packs' footers that can always be rebuilt. May read packs
 * and the lists of condemned packs; no package below uses it.
 */
package io.varve.store.index;
