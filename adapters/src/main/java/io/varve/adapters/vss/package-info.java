/**
 * Machines frozen by a shadow copy of the host's volumes (host VSS, Hyper-V writer): the way that works on every
 * Windows Server, without a change list. The service is talked to by a worker process ({@code worker}) through typed
 * messages ({@code message}); the frozen files are read by this process, by the formats' own readers. May use
 * {@code adapters}, {@code chain}, {@code file}, {@code message}, {@code windows} and {@code worker}, and the engine
 * and the store.
 */
package io.varve.adapters.vss;
