/**
 * Packs: immutable objects that hold chunk frames and a footer which describes them. Contains their writer, reader and
 * listing. May use objects and chunks, and knows nothing of keys, indexes or snapshots.
 */
package io.varve.store.pack;
