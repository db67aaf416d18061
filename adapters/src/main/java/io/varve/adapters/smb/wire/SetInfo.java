package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;

/** Changes something about an open file (MS-SMB2 2.2.39, MS-FSCC 2.4). The answers hold nothing but a status. */
public final class SetInfo {
    private static final int FIXED = 32;
    private static final int OF_FILE = 1;

    private static final int RENAME = 10;
    private static final int DISPOSITION = 13;
    private static final int END_OF_FILE = 20;

    private static final int RENAME_FIXED = 20;

    private SetInfo() {}

    private static Request request(FileId file, int kind, ByteBuffer value) {
        int length = value.capacity();
        ByteBuffer body = Request.body(FIXED + length).putShort(0, (short) 33);
        body.put(2, (byte) OF_FILE).put(3, (byte) kind);
        body.putInt(4, length).putShort(8, (short) (Request.HEADER + FIXED));
        file.put(16, body);
        body.put(FIXED, Request.all(value));
        return new Request(Command.SET_INFO, body, 0);
    }

    /** Makes it that many bytes long. */
    public static Request length(FileId file, long length) {
        return request(file, END_OF_FILE, Request.body(8).putLong(0, length));
    }

    /**
     * Gives it another name.
     *
     * @param path relative to the share, with backslashes
     * @param replace whether a file of that name goes
     */
    public static Request rename(FileId file, String path, boolean replace) {
        byte[] name = Request.text(path);
        // Servers want at least the size of the structure with its padding, however short the name.
        ByteBuffer value = Request.body(Math.max(24, RENAME_FIXED + name.length));
        value.put(0, (byte) (replace ? 1 : 0)).putInt(16, name.length).put(RENAME_FIXED, name);
        return request(file, RENAME, value);
    }

    /** Has it deleted when it is closed. */
    public static Request delete(FileId file) {
        return request(file, DISPOSITION, Request.body(1).put(0, (byte) 1));
    }
}
