package io.varve.adapters.rsvd.wire;

import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.Fields;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** SCSI commands through the tunnel, and the sense data of errors (MS-RSVD 2.2.4.7 to 2.2.4.10). Pure functions. */
public final class Scsi {
    private static final int FIXED = 36;
    private static final int CDB = 16;
    private static final int SENSE = 20;

    /**
     * Data goes from the disk to the client. The specification's text has the two directions exchanged; its examples
     * and the traffic of Windows have this.
     */
    private static final int FROM_DISK = 1;

    private static final int NO_DATA = 2;
    private static final int FLAGS_FROM_DISK = 0x0020_014A;
    private static final int FLAGS_NO_DATA = 0x0020_010A;

    private static final int VALID = 0x80;
    private static final int SRB_SUCCESS = 1;

    private Scsi() {}

    /**
     * A command that brings data from the disk, or none.
     *
     * @param cdb the command, 6 to 16 bytes
     * @param length most bytes of data; 0 for none. As Windows does, a request has room for them
     */
    public static byte[] request(byte[] cdb, int length) {
        if (cdb.length > CDB) {
            throw new IllegalArgumentException("a command of " + cdb.length + " bytes");
        }
        ByteBuffer request = ByteBuffer.allocate(FIXED + length).order(ByteOrder.LITTLE_ENDIAN);
        request.putShort(0, (short) FIXED).put(4, (byte) cdb.length).put(5, (byte) SENSE);
        request.put(6, (byte) (length == 0 ? NO_DATA : FROM_DISK));
        request.putInt(8, length == 0 ? FLAGS_NO_DATA : FLAGS_FROM_DISK).putInt(12, length);
        request.put(16, cdb);
        return request.array();
    }

    /**
     * Sense data of an error.
     *
     * @param status of the request block (SRB)
     * @param scsi status of the device
     * @param sense empty if there is none; read by index
     */
    public record Sense(int status, int scsi, ByteBuffer sense) {
        /** As an engineer writes it: key, additional code and qualifier, in hex. */
        public String text() {
            String where = String.format(java.util.Locale.ROOT, "SRB status %02x, SCSI status %02x", status, scsi);
            return sense.limit() < 14
                    ? where
                    : where
                            + String.format(
                                    java.util.Locale.ROOT,
                                    ", sense %x/%02x/%02x",
                                    sense.get(2) & 0xF,
                                    sense.get(12),
                                    sense.get(13));
        }
    }

    /**
     * What a command brought.
     *
     * @param data of the disk; empty if the command failed; read by index
     */
    public record Result(Sense sense, ByteBuffer data) {
        public boolean isGood() {
            return sense.status() == SRB_SUCCESS && sense.scsi() == 0;
        }
    }

    /**
     * Decodes the answer to a command. The area for sense data always has 20 bytes, whatever its length field says.
     *
     * @param asked most bytes of data that the request had room for
     */
    public static Result decode(int asked, ByteBuffer payload) throws BadReplyException {
        Fields fields = new Fields(Operation.SCSI.words(), payload).atLeast(FIXED);
        if (fields.u16(0) != FIXED) {
            throw fields.bad("length " + FIXED, "" + fields.u16(0));
        }
        Sense sense = sense(fields, 2, fields.u8(5), 16);
        int length = fields.i32(12);
        boolean good = sense.status() == SRB_SUCCESS && sense.scsi() == 0;
        if (good && (length < 0 || length > asked)) {
            throw fields.bad("at most " + asked + " bytes of data", Integer.toUnsignedString(length));
        }
        return new Result(sense, ByteBuffer.wrap(good ? fields.copy(FIXED, length) : new byte[0]));
    }

    private static Sense sense(Fields fields, int at, int length, int area) throws BadReplyException {
        int status = fields.u8(at);
        boolean isValid = (status & VALID) != 0;
        if (length > SENSE) {
            throw fields.bad("at most " + SENSE + " bytes of sense data", "" + length);
        }
        return new Sense(
                status & ~VALID, fields.u8(at + 1), ByteBuffer.wrap(isValid ? fields.copy(area, length) : new byte[0]));
    }

    /** Asks for the sense data that is stored under the key of an error. */
    public static byte[] senseRequest(int key) {
        byte[] request = new byte[28];
        request[0] = (byte) key;
        return request;
    }

    /** Decodes the answer to {@link #senseRequest}. */
    public static Sense decodeSense(int key, ByteBuffer payload) throws BadReplyException {
        Fields fields = new Fields(Operation.SRB_STATUS.words(), payload).atLeast(4);
        if (fields.u8(0) != (key & 0xFF)) {
            throw fields.bad("key " + (key & 0xFF), "" + fields.u8(0));
        }
        int length = fields.u8(3);
        return sense(fields, 1, length, 4);
    }
}
