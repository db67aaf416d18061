package io.varve.adapters.rsvd.wire;

import io.varve.adapters.rct.ChangePage;
import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.Fields;
import io.varve.engine.port.WindowsGuid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What changed between two snapshots (MS-RSVD 2.2.4.34, 2.2.4.35). Pure functions. */
public final class DiskChanges {
    private static final int REQUEST = 56;
    private static final int HEADER = 16;
    private static final int RANGE = 24;

    private DiskChanges() {}

    /**
     * Asks.
     *
     * @param newer the snapshot that is backed up
     * @param older the one to compare it with
     * @param offset of the first byte of the disk that is asked about
     */
    public static byte[] request(UUID newer, UUID older, long offset, long length) {
        ByteBuffer request = ByteBuffer.allocate(REQUEST).order(ByteOrder.LITTLE_ENDIAN);
        WindowsGuid.put(request, 0, newer);
        WindowsGuid.put(request, 16, older);
        request.putInt(32, Snapshots.OF_VM).putLong(40, offset).putLong(48, length);
        return request.array();
    }

    /** Decodes an answer, whose ranges are not to be trusted yet. */
    public static ChangePage decode(ByteBuffer payload) throws BadReplyException {
        Fields fields = new Fields(Operation.QUERY_CHANGES.words(), payload).atLeast(HEADER);
        int count = fields.i32(8);
        if (count < 0 || count > (fields.length() - HEADER) / RANGE) {
            throw fields.bad(
                    "no more ranges than fit into " + fields.length() + " bytes", Integer.toUnsignedString(count));
        }
        List<ChangePage.Told> ranges = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = HEADER + RANGE * i;
            ranges.add(new ChangePage.Told(fields.i64(at), fields.i64(at + 8)));
        }
        return new ChangePage(ranges, fields.i64(0));
    }
}
