package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;

/** Facts about open files and their volumes, and changes of them (MS-SMB2 2.2.37 to 2.2.40, MS-FSCC 2.4, 2.5). */
public final class Info {
    private static final int BODY = Reply.HEADER;
    private static final int QUERY_FIXED = 40;
    private static final int SET_FIXED = 32;

    private static final int ABOUT_FILE = 1;
    private static final int ABOUT_VOLUME = 2;

    private static final int NETWORK_OPEN = 34;
    private static final int FULL_SIZE = 7;
    private static final int DISPOSITION = 13;
    private static final int RENAME = 10;
    private static final int END_OF_FILE = 20;

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

    private static Request set(int kind, FileId file, byte[] value) {
        ByteBuffer body = Request.body(SET_FIXED + value.length).putShort(0, (short) 33);
        body.put(2, (byte) ABOUT_FILE).put(3, (byte) kind).putInt(4, value.length);
        body.putShort(8, (short) (Request.HEADER + SET_FIXED));
        file.put(16, body);
        body.put(SET_FIXED, value);
        return new Request(Command.SET_INFO, body, value.length);
    }

    public static Request setLength(FileId file, long length) {
        return set(END_OF_FILE, file, Request.all(Request.body(8).putLong(length)));
    }

    /** Deletes the file once it is closed. */
    public static Request delete(FileId file) {
        return set(DISPOSITION, file, new byte[] {1});
    }

    /** @param path relative to the share, with backslashes */
    public static Request rename(FileId file, String path, boolean replace) {
        byte[] name = Request.text(path);
        ByteBuffer value = Request.body(Math.max(24, 20 + name.length));
        value.put(0, (byte) (replace ? 1 : 0)).putInt(16, name.length).put(20, name);
        return set(RENAME, file, Request.all(value));
    }
}
