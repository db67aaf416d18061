package io.varve.adapters.smb.wire;

import java.util.Locale;

/** The commands that Varve sends itself (MS-SMB2 2.2.1.2). */
public enum Command {
    TREE_CONNECT(3),
    CREATE(5),
    CLOSE(6),
    FLUSH(7),
    READ(8),
    WRITE(9),
    IOCTL(11),
    QUERY_DIRECTORY(14),
    QUERY_INFO(16),
    SET_INFO(17),
    OPLOCK_BREAK(18);

    private final int code;

    Command(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Its name in messages, as the specification writes it. */
    @Override
    public String toString() {
        return name().toUpperCase(Locale.ROOT);
    }
}
