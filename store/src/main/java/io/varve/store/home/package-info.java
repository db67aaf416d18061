/**
 * What this computer keeps for a repository: indexes, and a memory of what it has seen. It can all be rebuilt from the
 * repository, except that a lost memory cannot detect a roll-back. It does not touch the repository's objects. May use
 * {@code backend} and {@code cache}.
 */
package io.varve.store.home;
