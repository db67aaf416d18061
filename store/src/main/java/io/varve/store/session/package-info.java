/**
 * The one write path and the one read path. A {@code WriteSession} registers, appends chunks to packs, enters them in
 * an index and commits manifests; a {@code ReadSession} finds and verifies chunks. The order of their steps makes it
 * safe to collect at the same time. May use {@code backend}, {@code chunk}, {@code coordination}, {@code crypt},
 * {@code fault}, {@code home}, {@code index}, {@code json}, {@code map}, {@code pack}, {@code parity},
 * {@code snapshot}, {@code store} and {@code trash}.
 */
package io.varve.store.session;
