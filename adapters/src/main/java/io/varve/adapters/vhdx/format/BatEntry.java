package io.varve.adapters.vhdx.format;

/**
 * The 64 bits of an entry of the block allocation table (MS-VHDX 2.5.1): state in bits 0-2, reserved 3-19, offset in
 * the file in bits 20-63. As the offset counts in MiB, those bits in their place are the offset in bytes.
 */
public final class BatEntry {
    public static final int SIZE = Long.BYTES;

    private static final long STATE = 7;
    private static final long RESERVED = 0xF_FFF8;

    private BatEntry() {}

    public static int stateCode(long entry) {
        return (int) (entry & STATE);
    }

    public static boolean hasReservedBits(long entry) {
        return (entry & RESERVED) != 0;
    }

    /** Bytes from the beginning of the file; means something only for a block that is present. */
    public static long offset(long entry) {
        return entry & ~(RESERVED | STATE);
    }

    /** Entry of a block that lies at {@code offset}, a multiple of 1 MiB. */
    public static long present(long offset) {
        return offset | PayloadState.FULLY_PRESENT.code();
    }
}
