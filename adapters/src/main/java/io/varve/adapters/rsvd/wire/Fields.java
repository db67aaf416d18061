package io.varve.adapters.rsvd.wire;

import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.engine.port.WindowsGuid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** The bytes of an answer behind its header, read with checks. Immutable, if nobody changes the bytes. */
final class Fields {
    private final String what;
    private final ByteBuffer bytes;

    /**
     * @param what the request that was answered, for messages
     * @param bytes from position to limit; not copied
     */
    Fields(String what, ByteBuffer bytes) {
        this.what = what;
        this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Fewer bytes than this are an error; servers pad, so more are not. */
    Fields atLeast(int length) throws BadReplyException {
        if (bytes.limit() < length) {
            throw bad("at least " + length + " bytes", bytes.limit() + " of them");
        }
        return this;
    }

    int length() {
        return bytes.limit();
    }

    int u8(int offset) throws BadReplyException {
        check(offset, 1);
        return bytes.get(offset) & 0xFF;
    }

    int u16(int offset) throws BadReplyException {
        check(offset, 2);
        return bytes.getShort(offset) & 0xFFFF;
    }

    int i32(int offset) throws BadReplyException {
        check(offset, 4);
        return bytes.getInt(offset);
    }

    long i64(int offset) throws BadReplyException {
        check(offset, 8);
        return bytes.getLong(offset);
    }

    UUID guid(int offset) throws BadReplyException {
        check(offset, 16);
        return WindowsGuid.get(bytes, offset);
    }

    byte[] copy(int offset, int length) throws BadReplyException {
        check(offset, length);
        byte[] copy = new byte[length];
        bytes.get(offset, copy);
        return copy;
    }

    Fields from(int offset) throws BadReplyException {
        check(offset, 0);
        return new Fields(what, bytes.slice(offset, bytes.limit() - offset));
    }

    BadReplyException bad(String expected, String found) {
        return new BadReplyException(what, expected, found);
    }

    private void check(int offset, int length) throws BadReplyException {
        if (offset < 0 || length < 0 || length > bytes.limit() - offset) {
            throw bad("parts inside its " + bytes.limit() + " bytes", length + " bytes at " + offset);
        }
    }
}
