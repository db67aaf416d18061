/**
 * VHDX files as disks: a layer, a chain of layers, the map between virtual offsets and file offsets, and layers as
 * change lists. May use {@code format} and {@code log}.
 */
package io.varve.adapters.vhdx.read;
