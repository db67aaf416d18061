/**
 * Packs: chunk frames in immutable objects with a footer that describes them; their writer, their reader, their
 * listing. Uses objects and chunks, and knows nothing of keys, indexes or snapshots.
 */
package io.varve.store.pack;
