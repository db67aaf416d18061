/**
 * The index: where each chunk is, in RocksDB. A cache of the packs' footers that can always be rebuilt. An index that
 * cannot be read at the moment is left alone. May use {@code backend}, {@code cache}, {@code chunk}, {@code fault},
 * {@code pack} and {@code trash}.
 */
package io.varve.store.index;
