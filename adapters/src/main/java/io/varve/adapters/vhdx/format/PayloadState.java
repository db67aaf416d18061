package io.varve.adapters.vhdx.format;

/**
 * State of a payload block (MS-VHDX 2.5.1.1). The codes 4 and 5 are reserved. In a differencing disk a block that is
 * not present reads as the parent; all others without content read as zeros there too.
 *
 * <p>For some states the specification leaves open what a block reads as; all of them read as zeros here, always,
 * because the same disk must read the same every night.
 */
public enum PayloadState {
    /** Never written, or forgotten. Reads as the parent if there is one, else as zeros by our choice. */
    NOT_PRESENT(0),
    /** Content is of no interest. Reads as zeros by our choice. */
    UNDEFINED(1),
    /** Reads as zeros by the specification. */
    ZERO(2),
    /** Given back by the guest. Reads as zeros by our choice. */
    UNMAPPED(3),
    /** Lies in the file. */
    FULLY_PRESENT(6),
    /** Only in differencing disks: those sectors lie in the file whose bit is set, the others are the parent's. */
    PARTIALLY_PRESENT(7);

    private final int code;

    PayloadState(int code) {
        this.code = code;
    }

    /** Whether blocks in this state have a place in the file. */
    public boolean hasPlace() {
        return this == FULLY_PRESENT || this == PARTIALLY_PRESENT;
    }

    /** The three bits in the file. */
    public int code() {
        return code;
    }

    /** The state with this code; null when it is reserved. */
    public static PayloadState of(int code) {
        switch (code) {
            case 0:
                return NOT_PRESENT;
            case 1:
                return UNDEFINED;
            case 2:
                return ZERO;
            case 3:
                return UNMAPPED;
            case 6:
                return FULLY_PRESENT;
            case 7:
                return PARTIALLY_PRESENT;
            default:
                return null;
        }
    }
}
