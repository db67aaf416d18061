/**
 * Bytes, names, keys: every on-disk format of a repository, with its reader and its writer. It knows no disk format,
 * virtual machine, Windows or network disk. This package holds {@code Repository}, its configuration and its
 * {@code Location}.
 *
 * <p>The packages from bottom to top; none uses one above it: {@code fault} (what goes wrong), {@code backend} (whole
 * objects), {@code cache}, {@code home} and {@code coordination} (this computer, and who is at work), {@code s3}
 * (objects in a bucket), {@code chunk} (ids, hashes, codecs), {@code json}, {@code pack} (chunk frames in immutable
 * objects), {@code crypt} (keys), {@code map} (block number to chunk id), {@code parity} (redundancy of packs),
 * {@code snapshot} (manifests), {@code retention}, {@code hold}, {@code job} (what ran), {@code trash} (what is
 * condemned), {@code index} (where a chunk is), this package, {@code session} (the one write path and the one read
 * path), and the work on whole repositories: {@code copy}, {@code export}, {@code gc}, {@code repair}, {@code check}.
 * Of these this package may use those before it.
 */
package io.varve.store;
