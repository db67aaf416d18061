/**
 * Block maps: trees of pages, stored as chunks, that map block numbers to chunk ids. Walks and compares them, skipping
 * equal subtrees. Pages come from a {@code PageSource} and go to a {@code PageSink}; the package does not know where
 * these keep them. May use {@code chunk} and {@code fault}.
 */
package io.varve.store.map;
