/**
 * Block maps: block number to chunk id, as trees of pages which are chunks. Walks and compares them, skipping equal
 * subtrees. Pages come from a {@code PageSource} and go to a {@code PageSink}; where those keep them is not known here.
 */
package io.varve.store.map;
