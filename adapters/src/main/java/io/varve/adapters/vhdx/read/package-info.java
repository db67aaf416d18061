/**
 * VHDX files as disks: one layer, a chain of layers, the map between virtual and file offsets, layers as change lists.
 * Uses {@code format} and {@code log}.
 */
package io.varve.adapters.vhdx.read;
