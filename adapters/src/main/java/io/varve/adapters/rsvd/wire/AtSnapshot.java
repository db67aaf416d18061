package io.varve.adapters.rsvd.wire;

import io.varve.adapters.smb.wire.CreateContext;
import io.varve.engine.port.WindowsGuid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** What an open says to see the disk as of a snapshot: an extended attribute (MS-RSVD 2.2.1.8, 2.2.4.36). */
public final class AtSnapshot {
    private static final String EXTENDED_ATTRIBUTES = "ExtA";
    private static final byte[] NAME = "RSVD_TARGET_SPECIFIER_EA".getBytes(StandardCharsets.US_ASCII);
    private static final byte NEEDED = (byte) 0x80;
    private static final int VALUE = 24;

    private AtSnapshot() {}

    /** Takes the place of {@link OpenContext}. */
    public static CreateContext encode(UUID snapshot) {
        int value = 8 + NAME.length + 1;
        ByteBuffer data = ByteBuffer.allocate(value + VALUE).order(ByteOrder.LITTLE_ENDIAN);
        data.put(4, NEEDED).put(5, (byte) NAME.length).putShort(6, (short) VALUE);
        data.put(8, NAME);
        data.putInt(value, 0).putInt(value + 4, Snapshots.OF_VM);
        WindowsGuid.put(data, value + 8, snapshot);
        return CreateContext.of(EXTENDED_ATTRIBUTES, data.array());
    }
}
