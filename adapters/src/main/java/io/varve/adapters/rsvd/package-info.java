/**
 * Shared virtual disks of guest clusters, read over the network (MS-RSVD on SMB 3): snapshots of a VHD set, what
 * changed between two of them, and their content. {@code wire} has the messages. May use {@code file}, {@code link},
 * {@code rct}, {@code smb} and {@code wire}, and the engine and the store.
 */
package io.varve.adapters.rsvd;
