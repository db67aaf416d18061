package io.varve.adapters.smb;

import io.varve.adapters.smb.wire.AllocatedRanges;
import io.varve.adapters.smb.wire.BadReplyException;
import io.varve.adapters.smb.wire.Created;
import io.varve.adapters.smb.wire.FolderEntry;
import io.varve.adapters.smb.wire.Info;
import io.varve.adapters.smb.wire.Ioctl;
import io.varve.adapters.smb.wire.LeaseBreak;
import io.varve.adapters.smb.wire.OpenFile;
import io.varve.adapters.smb.wire.Reply;
import io.varve.adapters.smb.wire.TreeConnect;
import io.varve.adapters.smb.wire.ValidateNegotiate;
import io.varve.engine.range.Range;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Fuzz target: what a server answers, after its signature was verified. */
public final class SmbReplyFuzz {
    private static final int MOST = 1 << 16;

    private SmbReplyFuzz() {}

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
        ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        switch (kind & 15) {
            case 0 -> {
                Created created = Created.decode(new Reply("x", bytes));
                created.diskId();
                check(created.facts().size() >= 0, "a negative size");
            }
            case 1 -> check(OpenFile.readData(new Reply("x", bytes), MOST).remaining() <= MOST, "too much data");
            case 2 ->
                check(
                        Ioctl.output(new Reply("x", bytes), 7, MOST)
                                        .map(ByteBuffer::remaining)
                                        .orElse(0)
                                <= MOST,
                        "too much output");
            case 3 -> {
                Range window = new Range(1 << 20, 1 << 30);
                AllocatedRanges found = AllocatedRanges.decode(bytes, window);
                for (Range range : found.ranges()) {
                    check(
                            range.offset() >= window.offset() && range.endOffset() <= window.endOffset(),
                            "a range outside the window");
                }
            }
            case 4 -> TreeConnect.decode(new Reply("x", bytes));
            case 5 -> ValidateNegotiate.decode(bytes);
            case 6 -> check(Info.decodeFacts(new Reply("x", bytes)).size() >= 0, "a negative size");
            case 7 -> check(Info.decodeSpace(new Reply("x", bytes)) >= 0, "negative space");
            case 8 -> FolderEntry.decode(new Reply("x", bytes), MOST);
            case 9 -> LeaseBreak.decode(new Reply("x", bytes));
            default -> OpenFile.written(new Reply("x", bytes));
        }
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
