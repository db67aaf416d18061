package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;

/**
 * A server's word that a lease is less now, because somebody else wants the file (MS-SMB2 2.2.23.2).
 *
 * @param key of the lease, in the order of the message
 * @param state what is left of it
 */
public record LeaseBreak(UUID key, int state) {
    private static final int BODY = Reply.HEADER;
    private static final int ACKNOWLEDGE = 1;

    /** Empty when it is no break of a lease, or nobody waits for our consent. */
    public static Optional<LeaseBreak> decode(Reply reply) throws BadReplyException {
        if (reply.u16(BODY) != 44 || (reply.i32(BODY + 4) & ACKNOWLEDGE) == 0) {
            return Optional.empty();
        }
        reply.require(44);
        return Optional.of(new LeaseBreak(new UUID(reply.i64(BODY + 8), reply.i64(BODY + 16)), reply.i32(BODY + 28)));
    }

    /** Consents, so that whoever wants the file need not wait (MS-SMB2 2.2.24.2). */
    public Request consent() {
        ByteBuffer body = Request.body(36).putShort(0, (short) 36);
        body.putLong(8, key.getMostSignificantBits()).putLong(16, key.getLeastSignificantBits());
        body.putInt(24, state);
        return new Request(Command.OPLOCK_BREAK, body, 0);
    }
}
