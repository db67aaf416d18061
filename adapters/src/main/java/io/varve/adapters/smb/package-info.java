/**
 * Files on shares of other computers, over SMB 3.0.2 or 3.1.1, signed: as byte sources and folders for the disk
 * formats, and as targets of a restore. {@code link} is the connection, {@code wire} the messages; nothing outside this
 * package needs them, except what opens shared virtual disks in its own way ({@link io.varve.adapters.smb.RemoteFile}).
 * May use {@code link}, {@code login} and {@code wire}, and the engine and the store.
 */
package io.varve.adapters.smb;
