package io.varve.adapters.rsvd.wire;

import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.Fields;
import io.varve.engine.port.WindowsGuid;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/** Snapshots of a VHD set: taken, listed, deleted (MS-RSVD 2.2.4.17 to 2.2.4.28). Pure functions. */
public final class Snapshots {
    /** The type of all snapshots that are asked for here: of a virtual machine. */
    static final int OF_VM = 1;

    private static final int CREATE = 1;
    private static final int TRACK_CHANGES = 1;
    private static final int CREATE_REQUEST = 76;

    /** What the protocol has at the end for another type of snapshot, all zero; Microsoft's own client sends it. */
    private static final int UNUSED = 24;

    private static final int[] INITIALIZE = {1, 0, 0, 0, 0, 0};
    private static final int[] COMPLETE = {2, 3, 4, 5, 0, 0};

    private static final int LIST = 2;
    private static final int ENTRY = 5;
    private static final int ENTRY_SIZE = 72;
    private static final int LIST_HEADER = 16;

    /** No set has that many; a count beyond is nonsense. */
    private static final int MOST = 1 << 16;

    private Snapshots() {}

    /**
     * First part of taking a snapshot whose changes are tracked from then on. The client chooses the id, so it can
     * record it before.
     *
     * @param transaction the same in both parts
     */
    public static byte[] initialize(UUID transaction, UUID snapshot) {
        return create(transaction, snapshot, TRACK_CHANGES, INITIALIZE);
    }

    /** Second part: writes are held up, the disk's writes go to a new file, and writes go on. */
    public static byte[] complete(UUID transaction, UUID snapshot) {
        return create(transaction, snapshot, 0, COMPLETE);
    }

    private static byte[] create(UUID transaction, UUID snapshot, int flags, int[] stages) {
        ByteBuffer request = ByteBuffer.allocate(CREATE_REQUEST + UNUSED).order(ByteOrder.LITTLE_ENDIAN);
        WindowsGuid.put(request, 0, transaction);
        request.putInt(16, CREATE).putInt(24, OF_VM).putInt(28, flags);
        for (int i = 0; i < stages.length; i++) {
            request.putInt(32 + 4 * i, stages[i]);
        }
        WindowsGuid.put(request, 56, snapshot);
        return request.array();
    }

    /** Asks how far an operation is. */
    public static byte[] progress(UUID transaction) {
        ByteBuffer request = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        WindowsGuid.put(request, 0, transaction);
        return request.array();
    }

    /** Whether the operation that was asked about is complete. */
    public static boolean isComplete(ByteBuffer payload) throws BadReplyException {
        Fields fields = new Fields(Operation.META_PROGRESS.words(), payload).atLeast(16);
        return fields.i64(0) == fields.i64(8);
    }

    private static byte[] query(int what, UUID snapshot) {
        ByteBuffer request = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(0, what).putInt(4, OF_VM);
        WindowsGuid.put(request, 8, snapshot);
        return request.array();
    }

    /** Asks for the ids of all snapshots. */
    public static byte[] list() {
        return query(LIST, WindowsGuid.NIL);
    }

    /**
     * Ids of snapshots.
     *
     * @param ids those of the answer
     * @param room how large the answer's room has to be if the ids did not fit; then there are none
     */
    public record Listed(List<UUID> ids, OptionalInt room) {}

    /** Decodes the answer to {@link #list}. */
    public static Listed decodeList(ByteBuffer payload) throws BadReplyException {
        Fields fields = new Fields("the list of snapshots", payload).atLeast(LIST_HEADER);
        int count = fields.i32(12);
        if (count < 0 || count > MOST) {
            throw fields.bad("at most " + MOST + " snapshots", Integer.toUnsignedString(count));
        }
        if (fields.u8(8) == 0) {
            return new Listed(List.of(), OptionalInt.of(Tunnel.HEADER + LIST_HEADER + 16 * count));
        }
        fields.atLeast(LIST_HEADER + 16 * count);
        List<UUID> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(fields.guid(LIST_HEADER + 16 * i));
        }
        return new Listed(List.copyOf(ids), OptionalInt.empty());
    }

    /** Asks about one snapshot. */
    public static byte[] entry(UUID snapshot) {
        return query(ENTRY, snapshot);
    }

    /**
     * One snapshot. When it was taken is left out, since servers and the specification disagree about the unit.
     *
     * @param isValid whether it is complete
     * @param isOfVm whether it is of the type that is taken and read here
     */
    public record Entry(UUID id, boolean isValid, boolean isOfVm) {}

    /**
     * Decodes the answer to {@link #entry}.
     *
     * @param asked the snapshot that was asked about
     */
    public static Entry decodeEntry(UUID asked, ByteBuffer payload) throws BadReplyException {
        Fields fields = new Fields("facts of snapshot " + asked, payload).atLeast(ENTRY_SIZE);
        UUID id = fields.guid(24);
        if (!id.equals(asked)) {
            throw fields.bad("snapshot " + asked, "snapshot " + id);
        }
        return new Entry(id, fields.i32(20) != 0, fields.i32(16) == OF_VM);
    }

    /**
     * Deletes a snapshot.
     *
     * @param keepReference whether the server is to keep what it needs to tell later what changed since
     */
    public static byte[] delete(UUID snapshot, boolean keepReference) {
        ByteBuffer request = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        request.putInt(16, keepReference ? 1 : 0).putInt(20, OF_VM);
        WindowsGuid.put(request, 0, snapshot);
        return request.array();
    }

    /** State of change tracking by a log, which belongs to replication: shown, not used. */
    public static Optional<Integer> trackingStatus(ByteBuffer payload) throws BadReplyException {
        Fields fields = new Fields(Operation.TRACKING_PARAMETERS.words(), payload);
        return fields.length() < 4 ? Optional.empty() : Optional.of(fields.i32(0));
    }
}
