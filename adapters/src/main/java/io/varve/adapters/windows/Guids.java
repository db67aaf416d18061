package io.varve.adapters.windows;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** Windows' GUIDs: the first three parts are little-endian, the rest are bytes. */
public final class Guids {
    /** Bytes of a GUID. */
    public static final int SIZE = 16;

    private Guids() {}

    /** The GUID at {@code offset}. */
    public static UUID read(Pointer memory, long offset) {
        ByteBuffer bytes = ByteBuffer.wrap(memory.getByteArray(offset, SIZE)).order(ByteOrder.LITTLE_ENDIAN);
        long high = Integer.toUnsignedLong(bytes.getInt(0)) << 32
                | Short.toUnsignedLong(bytes.getShort(4)) << 16
                | Short.toUnsignedLong(bytes.getShort(6));
        return new UUID(high, bytes.order(ByteOrder.BIG_ENDIAN).getLong(8));
    }

    /** A GUID in native memory, which lives as long as the object. */
    public static Memory of(UUID id) {
        ByteBuffer bytes = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        long high = id.getMostSignificantBits();
        bytes.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
        bytes.order(ByteOrder.BIG_ENDIAN).putLong(id.getLeastSignificantBits());
        Memory memory = new Memory(SIZE);
        memory.write(0, bytes.array(), 0, SIZE);
        return memory;
    }
}
