/**
 * Parents of differencing disks, independent of the disk format: which paths in a file may be followed, and where else
 * a parent may be. {@code ParentFinder} searches within what the operator allows,
 * {@link io.varve.adapters.chain.ParentSearch}; the format defines how a parent is recognised. May use the engine and
 * the store.
 */
package io.varve.adapters.chain;
