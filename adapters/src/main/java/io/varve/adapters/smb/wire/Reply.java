package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * An answer: a whole message from its header on. Its signature has been verified. Offsets are those of the message.
 * Immutable, if nobody changes the bytes.
 */
public final class Reply {
    /** Bytes of the header. */
    public static final int HEADER = 64;

    private final Fields message;
    private final int status;
    private final int treeId;

    /**
     * @param what the request it answers, for messages
     * @param message from position to limit; not copied
     * @throws BadReplyException when it is too short to have a header and a body
     */
    public Reply(String what, ByteBuffer message) throws BadReplyException {
        this.message = new Fields(what, message).atLeast(HEADER + 2);
        this.status = this.message.i32(8);
        this.treeId = this.message.i32(36);
    }

    /** The NT status. */
    public int status() {
        return status;
    }

    /** The tree that the server connected, or that the request went to. */
    public int treeId() {
        return treeId;
    }

    int length() {
        return message.length();
    }

    /** @throws BadReplyException when the body does not have this StructureSize, or is shorter than that */
    void require(int structureSize) throws BadReplyException {
        int found = u16(HEADER);
        // An odd size counts one byte of the variable part, which may be empty.
        int fixed = structureSize & ~1;
        if (found != structureSize || message.length() < HEADER + fixed) {
            throw bad(
                    "a body of structure size " + structureSize,
                    "structure size " + found + " in " + (message.length() - HEADER) + " bytes");
        }
    }

    int u8(int offset) throws BadReplyException {
        return message.u8(offset);
    }

    int u16(int offset) throws BadReplyException {
        return message.u16(offset);
    }

    int i32(int offset) throws BadReplyException {
        return message.i32(offset);
    }

    long i64(int offset) throws BadReplyException {
        return message.i64(offset);
    }

    /** As {@link Fields#part}. */
    ByteBuffer part(int offset, int length) throws BadReplyException {
        return message.part(offset, length);
    }

    /** As {@link Fields#bad}. */
    BadReplyException bad(String expected, String found) {
        return message.bad(expected, found);
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_16LE.decode(bytes.duplicate()).toString();
    }
}
