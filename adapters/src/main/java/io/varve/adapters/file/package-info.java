/**
 * Files of this host: how their bytes are read (mapped or through direct buffers), where their holes are, how a new one
 * is written and published, and the change list and checkpoint that consist of plain files.
 *
 * <p>It also holds what readers of disk formats share: how an image that is not supported is refused.
 *
 * <p>Formats ({@code raw}, {@code vhd}, {@code vhdx}) read through the {@code ByteSource} made here and publish through
 * {@link io.varve.adapters.file.PartialFile}; this package knows none of them. May use the engine and the store.
 */
package io.varve.adapters.file;
