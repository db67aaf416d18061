package io.varve.adapters.rsvd.wire;

import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.Fields;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Facts of a shared disk. Pure functions. */
public final class DiskInfo {
    private static final int FIXED = 2;
    private static final int DYNAMIC = 3;
    private static final int VHDX = 3;
    private static final int SET = 4;
    private static final int EMPTY_REQUEST = 56;

    private DiskInfo() {}

    /**
     * What {@link Operation#INITIAL_INFO} answers (MS-RSVD 2.2.4.5).
     *
     * @param version of the protocol that the server speaks
     * @param size bytes of the disk
     */
    public record Initial(int version, int sectorSize, int physicalSectorSize, long size) {}

    /** Decodes the answer to {@link Operation#INITIAL_INFO}. */
    public static Initial initial(ByteBuffer payload) throws BadReplyException {
        Fields fields = new Fields(Operation.INITIAL_INFO.words(), payload).atLeast(24);
        return new Initial(fields.i32(0), sectorSize(fields, 4), sectorSize(fields, 8), size(fields, 16));
    }

    /** The payload of {@link Operation#DISK_INFO} and {@link Operation#VALIDATE_DISK}. */
    public static byte[] request() {
        return new byte[EMPTY_REQUEST];
    }

    /**
     * What {@link Operation#DISK_INFO} answers (MS-RSVD 2.2.4.13).
     *
     * @param isSet whether it is a VHD set, which may have snapshots; otherwise it is a VHDX
     * @param blockSize 0 for a disk of fixed size
     * @param fileSize bytes of its file
     * @param diskId identity of the disk
     */
    public record Facts(boolean isSet, boolean isDynamic, int blockSize, long fileSize, UUID diskId) {}

    /** Decodes the answer to {@link Operation#DISK_INFO}. */
    public static Facts facts(ByteBuffer payload) throws BadReplyException {
        Fields fields = new Fields(Operation.DISK_INFO.words(), payload).atLeast(EMPTY_REQUEST);
        int type = fields.i32(0);
        int format = fields.i32(4);
        if (type != FIXED && type != DYNAMIC) {
            throw fields.bad("disk type " + FIXED + " or " + DYNAMIC, "" + type);
        }
        if (format != VHDX && format != SET) {
            throw fields.bad("disk format " + VHDX + " or " + SET, "" + format);
        }
        return new Facts(format == SET, type == DYNAMIC, fields.i32(8), fields.i64(32), fields.guid(40));
    }

    /** Decodes the answer to {@link Operation#VALIDATE_DISK} (MS-RSVD 2.2.4.15). */
    public static boolean isValid(ByteBuffer payload) throws BadReplyException {
        return new Fields(Operation.VALIDATE_DISK.words(), payload).u8(0) != 0;
    }

    /**
     * What {@link Operation#QUERY_SUPPORT} answers (MS-RSVD 2.2.2.2).
     *
     * @param hasSnapshots whether the server can take snapshots of VHD sets
     * @param isSharedDisk whether the file that was asked about is open as a shared disk, through the same handle
     */
    public record Support(boolean hasSnapshots, boolean isSharedDisk) {}

    /** Decodes the answer to {@link Operation#QUERY_SUPPORT}, which has no header. */
    public static Support support(ByteBuffer output) throws BadReplyException {
        Fields fields = new Fields("whether shared disks are supported", output).atLeast(8);
        return new Support((fields.i32(0) & 2) != 0, fields.i32(4) == 3);
    }

    static int sectorSize(Fields fields, int offset) throws BadReplyException {
        int size = fields.i32(offset);
        if (size != 512 && size != 4096) {
            throw fields.bad("sectors of 512 or 4096 bytes", Integer.toUnsignedString(size));
        }
        return size;
    }

    static long size(Fields fields, int offset) throws BadReplyException {
        long size = fields.i64(offset);
        if (size <= 0 || size > 1L << 50) {
            throw fields.bad("a disk size up to 1 PiB", Long.toUnsignedString(size));
        }
        return size;
    }
}
