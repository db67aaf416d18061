/**
 * What this computer keeps for a repository: indexes, and what it remembers of it. All of it can be rebuilt from the
 * repository, or is missed by nobody but whoever wants to notice a roll-back. Uses {@code backend} for locks and
 * {@code cache} for the directory; the repository's objects are not its concern.
 */
package io.varve.store.home;
