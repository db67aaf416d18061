/**
 * Bytes, names, keys: every on-disk format of a repository, with its reader and its writer. Knows no disk format,
 * virtual machine, Windows or network disk.
 *
 * <p>From below to above: {@code backend} (whole objects), {@code chunk} (ids, hashes, codecs), {@code pack} (chunk
 * frames in immutable files), {@code crypt} (keys, sealed chunks, authenticated documents), {@code index} (where a
 * chunk is), {@code map} (block number to chunk id), {@code snapshot} (manifests), {@code session} (the one write path
 * and the one read path), {@code check} (proofs).
 */
package io.varve.store;
