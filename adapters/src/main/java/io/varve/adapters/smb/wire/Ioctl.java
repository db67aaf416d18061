package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/** Control codes (MS-SMB2 2.2.31, MS-FSCC 2.3). */
public final class Ioctl {
    public static final int QUERY_ALLOCATED_RANGES = 0x000940CF;
    public static final int SET_SPARSE = 0x000900C4;
    public static final int SET_ZERO_DATA = 0x000980C8;
    public static final int VALIDATE_NEGOTIATE_INFO = 0x00140204;

    /** A file of no file: for control codes that concern the connection. */
    public static final FileId NO_FILE = new FileId(-1, -1);

    private static final int BODY = Reply.HEADER;
    private static final int FIXED = 56;
    private static final int IS_FSCTL = 1;

    private Ioctl() {}

    /** @param mostOutput how many bytes the answer may have */
    public static Request request(int code, FileId file, byte[] input, int mostOutput) {
        ByteBuffer body = Request.body(FIXED + Math.max(1, input.length)).putShort(0, (short) 57);
        body.putInt(4, code);
        file.put(8, body);
        body.putInt(24, input.length == 0 ? 0 : Request.HEADER + FIXED).putInt(28, input.length);
        body.putInt(44, mostOutput).putInt(48, IS_FSCTL);
        body.put(FIXED, input);
        return new Request(Command.IOCTL, body, Math.max(input.length, mostOutput));
    }

    /**
     * The output, little-endian, not copied; empty when the answer is an error without any.
     *
     * @param code that was asked for
     */
    public static Optional<ByteBuffer> output(Reply reply, int code, int mostOutput) throws BadReplyException {
        if (reply.u16(BODY) == 9) { // an error, which has a body of its own
            return Optional.empty();
        }
        reply.require(49);
        int found = reply.i32(BODY + 4);
        int offset = reply.i32(BODY + 32);
        int length = reply.i32(BODY + 36);
        if (found != code) {
            throw reply.bad("control code " + Integer.toHexString(code), Integer.toHexString(found));
        }
        if (length < 0 || length > mostOutput) {
            throw reply.bad("at most " + mostOutput + " bytes of output", Integer.toUnsignedString(length));
        }
        return Optional.of(reply.part(length == 0 ? 0 : offset, length));
    }
}
