package io.varve.adapters.virtdisk;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Windows' GUIDs: the first three parts are little-endian, the rest are bytes. */
final class Guids {
    private Guids() {}

    static UUID read(Pointer memory, long offset) {
        ByteBuffer bytes =
                ByteBuffer.wrap(memory.getByteArray(offset, Abi.GUID_SIZE)).order(ByteOrder.LITTLE_ENDIAN);
        long high = Integer.toUnsignedLong(bytes.getInt(0)) << 32
                | Short.toUnsignedLong(bytes.getShort(4)) << 16
                | Short.toUnsignedLong(bytes.getShort(6));
        return new UUID(high, bytes.order(ByteOrder.BIG_ENDIAN).getLong(8));
    }
}
