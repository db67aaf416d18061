/**
 * Layouts of the Remote Shared Virtual Disk protocol (MS-RSVD), which is carried by SMB 3: what an open says, the
 * tunnel of a shared disk's operations, and their answers. Pure functions over bytes, little-endian; nothing in here
 * knows a connection. Every decoder is total: any bytes give a value or a
 * {@link io.varve.adapters.smb.wire.BadReplyException}. May use {@code rct} and {@code wire}, and the engine.
 */
package io.varve.adapters.rsvd.wire;
