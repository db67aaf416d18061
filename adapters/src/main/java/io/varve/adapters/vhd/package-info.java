/**
 * VHD files, Hyper-V's format before VHDX: fixed, dynamic and differencing ones are read, fixed and dynamic ones are
 * written. The source is Microsoft's "Virtual Hard Disk Image Format Specification" 1.0 of 2006.
 *
 * <p>All numbers are big-endian, sectors have 512 bytes. A fixed disk is its content and a footer of one sector behind
 * it. Any other is: copy of the footer · header · block allocation table (BAT) · blocks in any order, each a sector
 * bitmap and its data · footer. Footer and header have checksums, BAT and bitmaps have none.
 *
 * <p>A file is read by {@code FooterSearch} (what the disk is), {@code DynamicHeader} (where its BAT is),
 * {@code BlockTable} (where its blocks are), {@code SectorBitmaps} (which sectors of a block are present) and
 * {@code LayerMap}; {@code VhdLayer} combines these for one file. {@link io.varve.adapters.vhd.VhdChain} is a disk with
 * its parents, if any. {@link io.varve.adapters.vhd.VhdTarget} writes. May use {@code chain} and {@code file}, and the
 * engine and the store.
 */
package io.varve.adapters.vhd;
