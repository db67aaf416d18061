package io.varve.adapters.rsvd;

import io.varve.adapters.rsvd.wire.DiskChanges;
import io.varve.adapters.rsvd.wire.DiskInfo;
import io.varve.adapters.rsvd.wire.OpenContext;
import io.varve.adapters.rsvd.wire.Operation;
import io.varve.adapters.rsvd.wire.Scsi;
import io.varve.adapters.rsvd.wire.Snapshots;
import io.varve.adapters.rsvd.wire.Tunnel;
import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.CreateContext;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** Fuzz target: what a server of shared virtual disks answers in the tunnel, and to an open. */
public final class RsvdReplyFuzz {
    private static final byte[] OPENED = HexFormat.of().parseHex("9CCBCF9E04C1E643980E158DA1F6EC83");
    private static final UUID SNAPSHOT = new UUID(0, 0); // what a fuzzer finds soonest

    private RsvdReplyFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] message = Arrays.copyOfRange(input, 1, input.length);
        try {
            decode(input[0], message);
        } catch (BadReplyException e) {
            // refused, as it should be
        }
    }

    private static void decode(byte kind, byte[] message) throws BadReplyException {
        ByteBuffer bytes = ByteBuffer.wrap(message);
        int length = message.length;
        switch (kind & 15) {
            case 0 -> check(DiskInfo.initial(bytes).size() > 0, "a disk of no size");
            case 1 -> DiskInfo.facts(bytes);
            case 2 -> DiskInfo.isValid(bytes);
            case 3 -> DiskInfo.support(bytes);
            case 4 -> {
                Snapshots.Listed listed = Snapshots.decodeList(bytes);
                check(16 * listed.ids().size() <= length, "more snapshots than bytes");
                check(listed.room().isEmpty() || listed.ids().isEmpty(), "snapshots, and none");
            }
            case 5 -> check(Snapshots.decodeEntry(SNAPSHOT, bytes).id().equals(SNAPSHOT), "another snapshot");
            case 6 -> Snapshots.isComplete(bytes);
            case 7 -> Snapshots.trackingStatus(bytes);
            case 8 -> check(24 * DiskChanges.decode(bytes).ranges().size() <= length, "more ranges than bytes");
            case 9 -> check(Scsi.decode(512, bytes).data().remaining() <= 512, "more data than asked for");
            case 10 -> Scsi.decodeSense(0, bytes).text();
            case 11 -> {
                Tunnel.Answer answer = Tunnel.decode(Operation.DISK_INFO, 0, bytes);
                check(answer.payload().remaining() == length - 16, "another payload");
            }
            default ->
                OpenContext.decode(List.of(new CreateContext(OPENED, message)))
                        .flatMap(OpenContext.Answer::properties)
                        .ifPresent(found -> check(found.size() > 0, "a disk of no size"));
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
