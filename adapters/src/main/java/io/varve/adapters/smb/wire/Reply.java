package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * An answer: a whole message from its header on. Its signature has been verified. Offsets are those of the message.
 * Immutable, if nobody changes the bytes.
 */
public final class Reply {
    /** Bytes of the header. */
    public static final int HEADER = 64;

    private final String what;
    private final ByteBuffer message;

    /**
     * @param what the request it answers, for messages
     * @param message from position to limit; not copied
     * @throws BadReplyException when it is too short to have a header and a body
     */
    public Reply(String what, ByteBuffer message) throws BadReplyException {
        this.what = what;
        this.message = message.slice().order(ByteOrder.LITTLE_ENDIAN);
        if (this.message.limit() < HEADER + 2) {
            throw new BadReplyException(what, "at least " + (HEADER + 2) + " bytes", this.message.limit() + " of them");
        }
    }

    /** The NT status. */
    public int status() {
        return message.getInt(8);
    }

    /** The tree that the server connected, or that the request went to. */
    public int treeId() {
        return message.getInt(36);
    }

    int length() {
        return message.limit();
    }

    /** @throws BadReplyException when the body does not have this StructureSize, or is shorter than that */
    void require(int structureSize) throws BadReplyException {
        int found = u16(HEADER);
        // An odd size counts one byte of the variable part, which may be empty.
        int fixed = structureSize & ~1;
        if (found != structureSize || message.limit() < HEADER + fixed) {
            throw new BadReplyException(
                    what,
                    "a body of structure size " + structureSize,
                    "structure size " + found + " in " + (message.limit() - HEADER) + " bytes");
        }
    }

    int u8(int offset) throws BadReplyException {
        check(offset, 1);
        return message.get(offset) & 0xFF;
    }

    int u16(int offset) throws BadReplyException {
        check(offset, 2);
        return message.getShort(offset) & 0xFFFF;
    }

    int i32(int offset) throws BadReplyException {
        check(offset, 4);
        return message.getInt(offset);
    }

    long i64(int offset) throws BadReplyException {
        check(offset, 8);
        return message.getLong(offset);
    }

    /** Bytes of the message, little-endian, not copied; {@code length} as the server gives it. */
    ByteBuffer part(int offset, int length) throws BadReplyException {
        check(offset, length);
        return message.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Something the protocol does not allow in it. */
    BadReplyException bad(String expected, String found) {
        return new BadReplyException(what, expected, found);
    }

    private void check(int offset, int length) throws BadReplyException {
        if (offset < 0 || length < 0 || length > message.limit() - offset) {
            throw new BadReplyException(
                    what,
                    "parts inside its " + message.limit() + " bytes",
                    Integer.toUnsignedString(length) + " bytes at " + Integer.toUnsignedString(offset));
        }
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_16LE.decode(bytes.duplicate()).toString();
    }
}
