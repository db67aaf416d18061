package io.varve.adapters.vhd;

import java.nio.ByteBuffer;

/** Numbers of the VHD format that reader and writer share, and its checksum. Offsets and sizes in bytes. */
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

    /** Of footer and header alike: 1.0. */
    static final int VERSION = 0x0001_0000;

    /** Entry of the BAT for a block that is not in the file. */
    static final int ABSENT = -1;

    /** What stands for no offset: of a fixed disk's header, of the header behind the header. */
    static final long NOWHERE = -1;

    static final int ENTRY_SIZE = 4;
    static final int KIB = 1 << 10;
    static final int MIB = 1 << 20;

    /** Largest disk that Windows takes: 2040 GiB. */
    static final long LARGEST_DISK = 2040L << 30;

    private VhdFormat() {}

    /** The bitwise complement of the sum of all bytes, those of the four at index {@code field} left out. */
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
