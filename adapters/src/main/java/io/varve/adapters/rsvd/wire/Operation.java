package io.varve.adapters.rsvd.wire;

/**
 * Operations of a shared disk, and the control code that carries them (MS-RSVD 2.2.4 and 2.2.3). The third hex digit of
 * a code is the version of the protocol that introduced it.
 */
public enum Operation {
    INITIAL_INFO(0x02001001, "the disk's first facts"),
    SCSI(0x02001002, "a SCSI command"),
    CHECK_CONNECTION(0x02001003, "the state of the connection"),
    SRB_STATUS(0x02001004, "the sense data of an error"),
    DISK_INFO(0x02001005, "the disk's facts"),
    VALIDATE_DISK(0x02001006, "whether the disk is sound"),
    META_START(0x02002101, "the start of a long operation"),
    META_PROGRESS(0x02002002, "the progress of a long operation"),
    SET_QUERY(0x02002005, "facts of the set"),
    DELETE_SNAPSHOT(0x02002006, "deleting a snapshot"),
    TRACKING_PARAMETERS(0x02002008, "the parameters of change tracking"),
    QUERY_CHANGES(0x0200200C, "what changed between two snapshots"),
    SAFE_SIZE(0x0200200D, "the smallest safe size");

    /** Not in the tunnel: whether shared disks are supported here (MS-RSVD 2.2.3). */
    public static final int QUERY_SUPPORT = 0x0009_0300;

    private static final int SYNC = 0x0009_0304;
    private static final int ASYNC = 0x0009_0364;

    private final int code;
    private final String words;

    Operation(int code, String words) {
        this.code = code;
        this.words = words;
    }

    /** Its number in the tunnel. */
    public int code() {
        return code;
    }

    /** The control code to send it with. */
    public int control() {
        return this == META_START ? ASYNC : SYNC;
    }

    /** What is asked for, for messages. */
    public String words() {
        return words;
    }

    /** The version of the protocol that a server must have for it. */
    public int version() {
        return code >> 12 & 0xFFF;
    }
}
