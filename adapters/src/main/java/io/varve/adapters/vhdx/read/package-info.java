/**
 * VHDX files as disks: a layer, a chain of layers, the map between virtual offsets and file offsets, and layers as
 * change lists. It opens files only through the folder port. May use {@code chain}, {@code file}, {@code format} and
 * {@code log}, and the engine and the store.
 */
package io.varve.adapters.vhdx.read;
