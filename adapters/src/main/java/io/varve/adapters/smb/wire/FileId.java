package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;

/**
 * The server's name of an open file (MS-SMB2 2.2.14.1).
 *
 * @param durable the part that stays when the open is reconnected
 * @param current the part that belongs to this connection
 */
public record FileId(long durable, long current) {
    static FileId read(Reply reply, int offset) throws BadReplyException {
        return new FileId(reply.i64(offset), reply.i64(offset + 8));
    }

    void put(int offset, ByteBuffer body) {
        body.putLong(offset, durable).putLong(offset + 8, current);
    }
}
