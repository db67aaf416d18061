/**
 * One snapshot as one file: a tar archive of a repository that has this snapshot alone. Reading it is opening that
 * repository, without unpacking it. May use {@code backend}, {@code chunk}, {@code coordination}, {@code crypt},
 * {@code fault}, {@code home}, {@code index}, {@code json}, {@code map}, {@code pack}, {@code session},
 * {@code snapshot} and {@code store}.
 */
package io.varve.store.export;
