/**
 * The one write path and the one read path. A {@code WriteSession} registers, appends chunks to packs, enters them in
 * an index and commits manifests; a {@code ReadSession} finds and proves chunks. The order in which they look is what
 * makes collection safe beside them.
 */
package io.varve.store.session;
