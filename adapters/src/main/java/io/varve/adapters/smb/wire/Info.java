package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;

/** Facts about open files and their volumes (MS-SMB2 2.2.37, 2.2.38, MS-FSCC 2.4, 2.5). */
public final class Info {
    private static final int BODY = Reply.HEADER;
    private static final int QUERY_FIXED = 40;

    private static final int ABOUT_FILE = 1;
    private static final int ABOUT_VOLUME = 2;

    private static final int NETWORK_OPEN = 34;
    private static final int FULL_SIZE = 7;

    private Info() {}

    private static Request query(int type, int kind, FileId file, int most) {
        ByteBuffer body = Request.body(QUERY_FIXED + 1).putShort(0, (short) 41);
        body.put(2, (byte) type).put(3, (byte) kind).putInt(4, most);
        file.put(24, body);
        return new Request(Command.QUERY_INFO, body, most);
    }

    private static ByteBuffer found(Reply reply, int length) throws BadReplyException {
        reply.require(9);
        int found = reply.i32(BODY + 4);
        if (found != length) {
            throw reply.bad(length + " bytes of facts", Integer.toUnsignedString(found));
        }
        return reply.part(reply.u16(BODY + 2), length);
    }

    /** Times, size and attributes of a file. */
    public static Request facts(FileId file) {
        return query(ABOUT_FILE, NETWORK_OPEN, file, 56);
    }

    public static FileFacts decodeFacts(Reply reply) throws BadReplyException {
        ByteBuffer found = found(reply, 56);
        long size = found.getLong(40);
        if (size < 0) {
            throw reply.bad("a file size", Long.toString(size));
        }
        return new FileFacts(found.getLong(0), found.getLong(16), found.getLong(24), size, found.getInt(48));
    }

    /** Sizes of the volume that a file is on. */
    public static Request space(FileId file) {
        return query(ABOUT_VOLUME, FULL_SIZE, file, 32);
    }

    /** Bytes that this account can still write to the volume. */
    public static long decodeSpace(Reply reply) throws BadReplyException {
        ByteBuffer found = found(reply, 32);
        long units = found.getLong(8);
        long unit = (found.getInt(24) & 0xFFFFFFFFL) * (found.getInt(28) & 0xFFFFFFFFL);
        if (units < 0) {
            throw reply.bad("free space", Long.toString(units));
        }
        return unit != 0 && units > Long.MAX_VALUE / unit ? Long.MAX_VALUE : units * unit;
    }
}
