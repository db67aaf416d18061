package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;

/** Requests about an open file whose answers hold little (MS-SMB2 2.2.15, 2.2.17, 2.2.19, 2.2.21). */
public final class OpenFile {
    private static final int BODY = Reply.HEADER;
    private static final int WRITE_FIXED = 48;

    private OpenFile() {}

    public static Request close(FileId file) {
        ByteBuffer body = Request.body(24).putShort(0, (short) 24);
        file.put(8, body);
        return new Request(Command.CLOSE, body, 0);
    }

    /**
     * Reads bytes.
     *
     * @param least fewer bytes are an error of the server
     */
    public static Request read(FileId file, long offset, int length, int least) {
        ByteBuffer body = Request.body(49).putShort(0, (short) 49);
        body.put(2, (byte) 0x50); // where the data should begin in the answer: header and fixed part
        body.putInt(4, length).putLong(8, offset);
        file.put(16, body);
        body.putInt(32, least);
        return new Request(Command.READ, body, length);
    }

    /** The bytes of an answer to {@link #read}; not copied. */
    public static ByteBuffer readData(Reply reply, int atMost) throws BadReplyException {
        reply.require(17);
        int offset = reply.u8(BODY + 2);
        int length = reply.i32(BODY + 4);
        if (length < 0 || length > atMost || length > 0 && offset < BODY + 16) {
            throw reply.bad(
                    "at most " + atMost + " bytes of data behind the header",
                    Integer.toUnsignedString(length) + " bytes at " + offset);
        }
        return reply.part(length == 0 ? 0 : offset, length);
    }

    /**
     * Writes bytes.
     *
     * @param source from position to limit; copied
     */
    public static Request write(FileId file, long offset, ByteBuffer source) {
        int length = source.remaining();
        ByteBuffer body = Request.body(WRITE_FIXED + length).putShort(0, (short) 49);
        body.putShort(2, (short) (Request.HEADER + WRITE_FIXED))
                .putInt(4, length)
                .putLong(8, offset);
        file.put(16, body);
        body.put(WRITE_FIXED, source, source.position(), length);
        return new Request(Command.WRITE, body, 0);
    }

    /** Wants what was written made durable. */
    public static Request flush(FileId file) {
        ByteBuffer body = Request.body(24).putShort(0, (short) 24);
        file.put(8, body);
        return new Request(Command.FLUSH, body, 0);
    }

    /** How many bytes were written. */
    public static int written(Reply reply) throws BadReplyException {
        reply.require(17);
        return reply.i32(BODY + 4);
    }
}
