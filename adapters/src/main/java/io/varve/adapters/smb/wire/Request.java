package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A request: a command and the bytes behind its header.
 *
 * @param body all of it, from index 0 to its limit; not changed by sending, so it can be sent again
 * @param replyLength most bytes of payload in request or answer; each 64 KiB of them cost a credit (MS-SMB2 3.1.5.2)
 */
public record Request(Command command, ByteBuffer body, int replyLength) {
    /** Bytes of the header before the body. */
    public static final int HEADER = 64;

    private static final int CREDIT = 1 << 16;

    /** Credits that sending it costs, which is also how many message ids it takes. */
    public int charge() {
        return Math.max(1, (Math.max(replyLength, body.limit()) + CREDIT - 1) / CREDIT);
    }

    /** An empty body of that many bytes, little-endian. */
    static ByteBuffer body(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All bytes of a body. */
    static byte[] all(ByteBuffer body) {
        byte[] all = new byte[body.capacity()];
        body.get(0, all);
        return all;
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_16LE);
    }
}
