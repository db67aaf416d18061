/**
 * VHDX files of Hyper-V: fixed, dynamic and differencing ones are read, dynamic ones are written. Section numbers such
 * as "MS-VHDX 2.2.2" are those of Microsoft's open specification.
 *
 * <p>A file is: identifier · two headers · two region tables (all in the first MiB) · log, metadata region, block
 * allocation table (BAT) and payload blocks in any order, each on a boundary of 1 MiB. All numbers are little-endian
 * and unsigned; one that does not fit a Java {@code long} is refused.
 *
 * <p>A file that is open, or was not closed properly, has a log of changes to everything but headers and payload; no
 * byte outside headers and log means anything before it is replayed. {@code LogReplay} does that in memory: a
 * {@code ReplayedSource} lies over the file, everything else reads through it, and the file stays as it is.
 *
 * <p>Reading goes {@code VhdxLayout} (where everything is) → {@code DiskParameters} (what the disk is) →
 * {@code BlockTable} (where its blocks are), {@code SectorBitmaps} (which sectors of a block are) →
 * {@link io.varve.adapters.vhdx.read.VhdxAddressMap}; {@code VhdxLayer} is all this for one file. A
 * {@link io.varve.adapters.vhdx.read.VhdxDisk} is one layer, a {@link io.varve.adapters.vhdx.read.VhdxChain} a
 * differencing disk over its parents, which {@code io.varve.adapters.chain} finds. Writing is
 * {@link io.varve.adapters.vhdx.write.VhdxTarget}; {@link io.varve.adapters.vhdx.write.ExistingVhdx} overwrites a disk
 * in place, through its log. {@link io.varve.adapters.vhdx.read.VhdxDescription} says in words what a file, damaged or
 * not, consists of, and {@link io.varve.adapters.vhdx.check.VhdxCheck} what is wrong with it: decoders tell
 * {@code Faults} what they find, at which the reader stops and the check goes on.
 */
package io.varve.adapters.vhdx;
