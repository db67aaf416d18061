/**
 * Coordination of the processes that use a repository: rights to write together or alone, to collect and to remove
 * keys, and which sessions' processes are alive. {@link io.varve.store.coordination.LockCoordination} implements it
 * with locks of the operating system, for repositories in folders;
 * {@link io.varve.store.coordination.ClaimCoordination} with objects, for buckets. It knows nothing of what is stored.
 * May use {@code backend}.
 */
package io.varve.store.coordination;
