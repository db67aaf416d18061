package io.varve.adapters.rsvd.wire;

import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.CreateContext;
import io.varve.adapters.smb.wire.Fields;
import io.varve.engine.port.WindowsGuid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * What an open says to become that of a shared disk (MS-RSVD 2.2.4.1 and 2.2.4.32, SVHDX_OPEN_DEVICE_CONTEXT and its
 * version 2).
 *
 * @param version 1 or 2
 * @param initiator who reads; without one, a server refuses to read
 * @param request first id of the requests of this open
 * @param hostName for the server's own records; cut off after 63 letters
 */
public record OpenContext(int version, UUID initiator, long request, String hostName) {
    /** Appended to the name of the file (MS-RSVD 3.2.4.1). */
    public static final String SUFFIX = ":SharedVirtualDisk";

    private static final int SIZE_1 = 168;
    private static final int SIZE_2 = 192;
    private static final int HOST = 42;
    private static final int MOST_HOST = 126;
    private static final int AS_DISK = 1;

    /** The context's name, in requests and answers: the bytes of a GUID. */
    private static final byte[] NAME = {
        (byte) 0x9C,
        (byte) 0xCB,
        (byte) 0xCF,
        (byte) 0x9E,
        0x04,
        (byte) 0xC1,
        (byte) 0xE6,
        0x43,
        (byte) 0x98,
        0x0E,
        0x15,
        (byte) 0x8D,
        (byte) 0xA1,
        (byte) 0xF6,
        (byte) 0xEC,
        (byte) 0x83
    };

    public OpenContext {
        if (version != 1 && version != 2) {
            throw new IllegalArgumentException("version " + version);
        }
        if (initiator.equals(WindowsGuid.NIL)) {
            throw new IllegalArgumentException("an initiator of zeros: the server would refuse to read");
        }
    }

    /** As it stands in a request. */
    public CreateContext encode() {
        ByteBuffer data = ByteBuffer.allocate(version == 1 ? SIZE_1 : SIZE_2).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(0, version).put(4, (byte) 1);
        WindowsGuid.put(data, 8, initiator);
        data.putInt(28, AS_DISK).putLong(32, request);
        byte[] host = hostName.getBytes(StandardCharsets.UTF_16LE);
        int length = Math.min(host.length, MOST_HOST);
        data.putShort(40, (short) length).put(HOST, host, 0, length);
        return new CreateContext(NAME, data.array());
    }

    /**
     * What the server said of the disk in its answer to the open.
     *
     * @param service version of the protocol that the server speaks
     * @param size bytes of the disk
     */
    public record Properties(int service, int sectorSize, int physicalSectorSize, long size) {}

    /**
     * Of an answer.
     *
     * @param version of the protocol that this open has
     * @param properties with version 2, if the server knows them
     */
    public record Answer(int version, Optional<Properties> properties) {}

    /**
     * Decodes the server's answer, which is found by its name. Empty if there is none: the server is one of version 1
     * without its updates, or none that knows shared disks.
     */
    public static Optional<Answer> decode(Iterable<CreateContext> contexts) throws BadReplyException {
        for (CreateContext context : contexts) {
            if (context.isNamed(NAME)) {
                return Optional.of(decode(context.data()));
            }
        }
        return Optional.empty();
    }

    private static Answer decode(byte[] data) throws BadReplyException {
        Fields fields = new Fields("opening a shared disk", ByteBuffer.wrap(data)).atLeast(SIZE_1);
        int version = fields.i32(0);
        if (version == 1) {
            return new Answer(1, Optional.empty());
        }
        if (version != 2) {
            throw fields.bad("version 1 or 2", "" + version);
        }
        fields.atLeast(SIZE_2);
        if (fields.i32(168) == 0) {
            return new Answer(2, Optional.empty());
        }
        return new Answer(
                2,
                Optional.of(new Properties(
                        fields.i32(172),
                        DiskInfo.sectorSize(fields, 176),
                        DiskInfo.sectorSize(fields, 180),
                        DiskInfo.size(fields, 184))));
    }
}
