package io.varve.adapters.vhdx;

/**
 * State of a payload block in a disk without a parent (MS-VHDX 2.5.1.1). The codes 4, 5 and 7 do not occur in such a
 * disk.
 *
 * <p>For some states the specification leaves open what a block reads as; all of them read as zeros here, always,
 * because the same disk must read the same every night.
 */
public enum PayloadState {
    /** Never written, or forgotten. Reads as zeros by our choice. */
    NOT_PRESENT(0),
    /** Content is of no interest. Reads as zeros by our choice. */
    UNDEFINED(1),
    /** Reads as zeros by the specification. */
    ZERO(2),
    /** Given back by the guest. Reads as zeros by our choice. */
    UNMAPPED(3),
    /** Lies in the file. */
    FULLY_PRESENT(6);

    private final int code;

    PayloadState(int code) {
        this.code = code;
    }

    /** The three bits in the file. */
    public int code() {
        return code;
    }

    /** The state with this code; null when a disk without a parent has none such. */
    static PayloadState of(int code) {
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
            default:
                return null;
        }
    }
}
