/**
 * Parents of differencing disks, whatever the disk format: which paths out of a file may be followed, and where else a
 * parent may be. {@code ParentFinder} looks, {@link io.varve.adapters.chain.ParentSearch} is what the operator allows;
 * how a parent is recognised is for the format to say.
 */
package io.varve.adapters.chain;
