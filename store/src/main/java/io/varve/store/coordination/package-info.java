/**
 * Who is at work in a repository: the right to write together with others or alone, one collector at a time, and which
 * sessions' processes are alive. {@link io.varve.store.coordination.LockCoordination} answers with locks of the
 * operating system, for repositories in folders. Uses {@code backend} for locks on files, and knows nothing of what is
 * stored.
 */
package io.varve.store.coordination;
