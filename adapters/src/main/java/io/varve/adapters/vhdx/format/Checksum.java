package io.varve.adapters.vhdx.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C of a structure whose checksum field counts as zero (MS-VHDX 2). */
public final class Checksum {
    private static final byte[] ZERO_FIELD = new byte[Integer.BYTES];

    private Checksum() {}

    /** Of all of {@code bytes} up to its limit, with the four bytes at index {@code field} taken as zero. */
    public static int of(ByteBuffer bytes, int field) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(0).limit(field));
        crc.update(ZERO_FIELD);
        crc.update(bytes.duplicate().position(field + Integer.BYTES));
        return (int) crc.getValue();
    }
}
