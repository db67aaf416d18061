/**
 * Layouts of SMB 2 and 3 messages (MS-SMB2, MS-FSCC): requests are encoded and verified answers decoded here, by pure
 * functions over bytes. Nothing in here knows a connection. Every decoder is total: any bytes give a value or a
 * {@link io.varve.adapters.smb.wire.BadReplyException}. May use the engine.
 */
package io.varve.adapters.smb.wire;
