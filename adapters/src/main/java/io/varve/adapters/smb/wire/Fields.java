package io.varve.adapters.smb.wire;

import io.varve.engine.port.WindowsGuid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Bytes of an answer, little-endian, read with checks. Immutable, if nobody changes the bytes. */
public final class Fields {
    private final String what;
    private final ByteBuffer bytes;

    /**
     * @param what the request that was answered, for messages
     * @param bytes from position to limit; not copied
     */
    public Fields(String what, ByteBuffer bytes) {
        this.what = what;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Fewer bytes than this are an error; servers pad, so more are not. */
    public Fields atLeast(int length) throws BadReplyException {
        if (bytes.limit() < length) {
            throw bad("at least " + length + " bytes", bytes.limit() + " of them");
        }
        return this;
    }

    public int length() {
        return bytes.limit();
    }

    public int u8(int offset) throws BadReplyException {
        check(offset, 1);
        return bytes.get(offset) & 0xFF;
    }

    public int u16(int offset) throws BadReplyException {
        check(offset, 2);
        return bytes.getShort(offset) & 0xFFFF;
    }

    public int i32(int offset) throws BadReplyException {
        check(offset, 4);
        return bytes.getInt(offset);
    }

    public long i64(int offset) throws BadReplyException {
        check(offset, 8);
        return bytes.getLong(offset);
    }

    public UUID guid(int offset) throws BadReplyException {
        check(offset, 16);
        return WindowsGuid.get(bytes, offset);
    }

    public byte[] copy(int offset, int length) throws BadReplyException {
        byte[] copy = new byte[part(offset, length).limit()];
        bytes.get(offset, copy);
        return copy;
    }

    /** Bytes of the answer, little-endian, not copied; {@code length} as the server gives it. */
    public ByteBuffer part(int offset, int length) throws BadReplyException {
        check(offset, length);
        return bytes.slice(offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Something in it that the protocol does not allow. */
    public BadReplyException bad(String expected, String found) {
        return new BadReplyException(what, expected, found);
    }

    private void check(int offset, int length) throws BadReplyException {
        if (offset < 0 || length < 0 || length > bytes.limit() - offset) {
            throw bad(
                    "parts inside its " + bytes.limit() + " bytes",
                    Integer.toUnsignedString(length) + " bytes at " + Integer.toUnsignedString(offset));
        }
    }
}
