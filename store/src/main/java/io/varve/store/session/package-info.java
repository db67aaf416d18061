/**
 * The one write path and the one read path. A {@code WriteSession} registers, appends chunks to packs, enters them in
 * an index and commits manifests; a {@code ReadSession} finds and verifies chunks. The order of their steps makes it
 * safe to collect at the same time.
 */
package io.varve.store.session;
