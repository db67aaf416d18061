/**
 * What this computer keeps for a repository: indexes, and a memory of what it has seen. It can all be rebuilt from the
 * repository, except that a lost memory cannot detect a roll-back. May use {@code backend} for locks and {@code cache}
 * for the directory, and does not touch the repository's objects.
 */
package io.varve.store.home;
