package io.varve.adapters.vhd;

import java.nio.ByteBuffer;

/** Constants of the VHD format that reader and writer share, and its checksum. Offsets and sizes are in bytes. */
final class VhdFormat {
    static final int SECTOR = 512;

    /** "conectix" as a big-endian number. */
    static final long FOOTER_COOKIE = 0x636F_6E65_6374_6978L;

    static final int FOOTER_SIZE = 512;
    static final int FOOTER_CHECKSUM_AT = 64;

    /** "cxsparse" as a big-endian number. */
    static final long HEADER_COOKIE = 0x6378_7370_6172_7365L;

    static final int HEADER_SIZE = 1024;
    static final int HEADER_CHECKSUM_AT = 36;

    /** Version 1.0 of footer and header. */
    static final int VERSION = 0x0001_0000;

    /** BAT entry of a block that is not in the file. */
    static final int ABSENT = -1;

    /** Stands for no offset, in the footer of a fixed disk and in the header. */
    static final long NOWHERE = -1;

    static final int ENTRY_SIZE = 4;
    static final int KIB = 1 << 10;
    static final int MIB = 1 << 20;

    /** Largest disk that Windows accepts: 2040 GiB. */
    static final long LARGEST_DISK = 2040L << 30;

    private VhdFormat() {}

    /** Returns the bitwise complement of the sum of all bytes, without the four at index {@code field}. */
    static int checksum(ByteBuffer bytes, int field) {
        int sum = 0;
        for (int i = 0; i < bytes.limit(); i++) {
            if (i < field || i >= field + Integer.BYTES) {
                sum += Byte.toUnsignedInt(bytes.get(i));
            }
        }
        return ~sum;
    }
}
