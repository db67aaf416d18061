package io.varve.adapters.rsvd.wire;

import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.Fields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The header of all operations of a shared disk, in requests and answers (MS-RSVD 2.2.4.11, 2.2.4.12). */
public final class Tunnel {
    static final int HEADER = 16;

    private Tunnel() {}

    /**
     * A request.
     *
     * @param id of the request; answers repeat it
     * @param payload what the operation has behind the header
     */
    public static byte[] request(Operation operation, long id, byte[] payload) {
        return ByteBuffer.allocate(HEADER + payload.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(operation.code())
                .putInt(0)
                .putLong(id)
                .put(payload)
                .array();
    }

    /**
     * An answer. An operation fails in two places: the control code's own status, and this one.
     *
     * @param status NT status of the operation; if it is not 0, there is no payload to rely on
     * @param payload what follows the header
     */
    public record Answer(int status, ByteBuffer payload) {}

    /**
     * Decodes an answer, and checks that it is the one of this request.
     *
     * @param output of the control code; not copied
     */
    public static Answer decode(Operation operation, long id, ByteBuffer output) throws BadReplyException {
        Fields fields = new Fields(operation.words(), output).atLeast(HEADER);
        if (fields.i32(0) != operation.code()) {
            throw fields.bad("operation " + Integer.toHexString(operation.code()), Integer.toHexString(fields.i32(0)));
        }
        if (fields.i64(8) != id) {
            throw fields.bad("request id " + Long.toHexString(id), Long.toHexString(fields.i64(8)));
        }
        ByteBuffer payload = output.slice();
        return new Answer(fields.i32(4), payload.position(HEADER).slice().order(ByteOrder.LITTLE_ENDIAN));
    }
}
