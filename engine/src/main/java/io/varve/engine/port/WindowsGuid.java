package io.varve.engine.port;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/**
 * GUIDs as Windows stores them in 16 bytes: the first three fields little-endian, the last eight bytes as they are
 * written. The text {@code 2DC27766-F623-4200-9D64-115E9BFD4A08} is the bytes {@code 66 77 C2 2D 23 F6 00 42 9D 64 11
 * 5E 9B FD 4A 08}.
 */
public final class WindowsGuid {
    /** The GUID whose bytes are all zero; formats use it for "none". */
    public static final UUID NIL = new UUID(0, 0);

    private WindowsGuid() {}

    /** The GUID in the 16 bytes of {@code bytes} from index {@code at} on, whatever the buffer's order is. */
    public static UUID get(ByteBuffer bytes, int at) {
        ByteBuffer little = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long high = (little.getInt(at) & 0xFFFF_FFFFL) << 32
                | (little.getShort(at + 4) & 0xFFFFL) << 16
                | little.getShort(at + 6) & 0xFFFFL;
        return new UUID(high, little.order(ByteOrder.BIG_ENDIAN).getLong(at + 8));
    }

    /** Puts {@code guid} into the 16 bytes of {@code bytes} from index {@code at} on. */
    public static void put(ByteBuffer bytes, int at, UUID guid) {
        ByteBuffer little = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long high = guid.getMostSignificantBits();
        little.putInt(at, (int) (high >>> 32));
        little.putShort(at + 4, (short) (high >>> 16));
        little.putShort(at + 6, (short) high);
        little.order(ByteOrder.BIG_ENDIAN).putLong(at + 8, guid.getLeastSignificantBits());
    }
}
