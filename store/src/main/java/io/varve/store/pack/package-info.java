/**
 * Packs: immutable objects that hold chunk frames and a footer which describes them. Contains their writer, reader and
 * listing. Knows nothing of keys, indexes or snapshots. May use {@code backend}, {@code chunk} and {@code fault}.
 */
package io.varve.store.pack;
