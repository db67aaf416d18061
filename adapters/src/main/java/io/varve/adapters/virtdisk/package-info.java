/**
 * The local way to ask Windows what changed on a virtual disk: {@code virtdisk.dll} through JNA, for files on this
 * computer. The bytes are read by the format's own reader, never at an offset that a change list names in the file:
 * lists speak of the virtual disk. Proven by its ABI and by a stand-in behind the same calls; nothing of it has run on
 * Windows yet. May use {@code rct} and {@code windows}, and the engine and the store.
 */
package io.varve.adapters.virtdisk;
