package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Opens or makes a file or folder (MS-SMB2 2.2.13).
 *
 * @param path relative to the share, with backslashes; empty for the share's own folder
 * @param access the rights that are asked for
 * @param share what others may do meanwhile
 * @param disposition what to do if it exists, or does not
 * @param options see the constants
 * @param oplock 0 for none, or {@link #LEASE}
 */
public record Create(
        String path, int access, int share, int disposition, int options, int oplock, List<CreateContext> contexts) {
    public static final int READ_DATA = 0x1;
    public static final int WRITE_DATA = 0x2;
    public static final int READ_ATTRIBUTES = 0x80;
    public static final int WRITE_ATTRIBUTES = 0x100;
    public static final int DELETE = 0x1_0000;
    public static final int READ_CONTROL = 0x2_0000;
    public static final int SYNCHRONIZE = 0x10_0000;

    public static final int SHARE_READ = 1;
    public static final int SHARE_WRITE = 2;
    public static final int SHARE_DELETE = 4;

    public static final int OPEN = 1;
    public static final int OPEN_OR_MAKE = 3;

    public static final int FOLDER = 0x1;
    public static final int UNBUFFERED = 0x8;
    public static final int NOT_FOLDER = 0x40;
    public static final int DELETE_ON_CLOSE = 0x1000;
    /** A link is opened itself, not what it leads to. */
    public static final int LINK_ITSELF = 0x20_0000;

    /** The oplock level that says that a lease is asked for. */
    public static final int LEASE = 0xFF;

    private static final int FIXED = 56;

    public Create {
        contexts = List.copyOf(contexts);
    }

    /** The same with one more context. */
    public Create with(CreateContext context) {
        List<CreateContext> all = new ArrayList<>(contexts);
        all.add(context);
        return new Create(path, access, share, disposition, options, oplock, all);
    }

    /** The request. */
    public Request request() {
        byte[] name = Request.text(path);
        byte[] entries = CreateContext.encode(contexts);
        int contextsAt = entries.length == 0 ? 0 : (FIXED + name.length + 7) & ~7;
        int length = entries.length == 0 ? FIXED + Math.max(1, name.length) : contextsAt + entries.length;
        ByteBuffer body = Request.body(length);
        body.putShort(0, (short) 57);
        body.put(3, (byte) oplock);
        body.putInt(4, 2); // impersonation
        body.putInt(24, access).putInt(28, 0);
        body.putInt(32, share).putInt(36, disposition).putInt(40, options);
        body.putShort(44, (short) (Request.HEADER + FIXED)).putShort(46, (short) name.length);
        body.put(FIXED, name);
        if (entries.length > 0) {
            body.putInt(48, Request.HEADER + contextsAt).putInt(52, entries.length);
            body.put(contextsAt, entries);
        }
        return new Request(Command.CREATE, body, 0);
    }
}
