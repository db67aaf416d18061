/**
 * Whole objects under names: created once, read in ranges, listed, deleted. {@code Backend} is the port;
 * {@code LocalBackend} stores them as files and owns everything that only files have: temporary names, syncs, modes,
 * file locks. May use {@code fault}.
 */
package io.varve.store.backend;
