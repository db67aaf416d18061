package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;

/**
 * Connects to a share (MS-SMB2 2.2.9, 2.2.10).
 *
 * @param tree the share's number on this connection
 * @param type 1 is a disk
 */
public record TreeConnect(int tree, int type, int flags, int capabilities) {
    private static final int BODY = Reply.HEADER;
    private static final int DISK = 1;
    private static final int ENCRYPT = 0x8000;
    private static final int CONTINUOUSLY_AVAILABLE = 0x10;

    /** @param path {@code \\host\share} */
    public static Request request(String path) {
        byte[] name = Request.text(path);
        ByteBuffer body = Request.body(8 + name.length).putShort(0, (short) 9);
        body.putShort(4, (short) (Request.HEADER + 8)).putShort(6, (short) name.length);
        body.put(8, name);
        return new Request(Command.TREE_CONNECT, body, 0);
    }

    public static TreeConnect decode(Reply reply) throws BadReplyException {
        reply.require(16);
        return new TreeConnect(reply.treeId(), reply.u8(BODY + 2), reply.i32(BODY + 4), reply.i32(BODY + 8));
    }

    public boolean isDisk() {
        return type == DISK;
    }

    /** Whether the server wants everything on this share encrypted. */
    public boolean mustEncrypt() {
        return (flags & ENCRYPT) != 0;
    }

    /** Whether handles survive a failover of the server. */
    public boolean isContinuouslyAvailable() {
        return (capabilities & CONTINUOUSLY_AVAILABLE) != 0;
    }
}
