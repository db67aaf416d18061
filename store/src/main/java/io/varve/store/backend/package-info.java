/**
 * Whole objects under names: created once, read in ranges, listed, deleted. {@code Backend} is the port;
 * {@code LocalBackend} keeps them as files and owns everything that only files have: temporary names, syncs, modes,
 * locks on files. Uses {@code fault} and nothing else of the store.
 */
package io.varve.store.backend;
