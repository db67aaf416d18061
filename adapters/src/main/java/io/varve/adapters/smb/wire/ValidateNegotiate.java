package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Asks the server, signed, what was negotiated before anything could be signed (MS-SMB2 2.2.31.4, 2.2.32.6); for the
 * dialects before 3.1.1.
 *
 * @param server its 16 bytes in the order of the message
 */
public record ValidateNegotiate(int capabilities, UUID server, int securityMode, int dialect) {
    /** Bytes of the answer. */
    public static final int LENGTH = 24;

    /** What the client said. */
    public static byte[] input(int capabilities, byte[] client, int securityMode, int[] dialects) {
        ByteBuffer input = Request.body(24 + 2 * dialects.length);
        input.putInt(capabilities).put(client, 0, 16);
        input.putShort((short) securityMode).putShort((short) dialects.length);
        for (int dialect : dialects) {
            input.putShort((short) dialect);
        }
        return Request.all(input);
    }

    public static ValidateNegotiate decode(ByteBuffer output) throws BadReplyException {
        if (output.limit() != LENGTH) {
            throw new BadReplyException(
                    "the question what was negotiated", LENGTH + " bytes", output.limit() + " bytes");
        }
        return new ValidateNegotiate(
                output.getInt(0),
                new UUID(output.getLong(4), output.getLong(12)),
                output.getShort(20) & 0xFFFF,
                output.getShort(22) & 0xFFFF);
    }

    /** What the server said when it could not sign yet. */
    public static ValidateNegotiate of(int capabilities, byte[] server, int securityMode, int dialect) {
        ByteBuffer id = Request.body(16).put(0, server, 0, 16);
        return new ValidateNegotiate(capabilities, new UUID(id.getLong(0), id.getLong(8)), securityMode, dialect);
    }

    @Override
    public String toString() {
        return String.format("dialect %x, security mode %d, capabilities %x", dialect, securityMode, capabilities);
    }
}
