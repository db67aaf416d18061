package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Something more that is said while a file is opened, in the request or in the answer (MS-SMB2 2.2.13.2). Immutable.
 */
public final class CreateContext {
    private static final int ENTRY = 16;

    /** The file's number on its volume, and the volume's (MS-SMB2 2.2.13.2.9). */
    public static final String QUERY_ON_DISK_ID = "QFid";

    private static final String DURABLE = "DH2Q";
    private static final String RECONNECT = "DH2C";
    private static final String LEASE = "RqLs";

    /** Read and handle caching: a handle with it can be durable, and another reader does not disturb it. */
    private static final int READ_AND_HANDLE = 1 | 2;

    private static final int PERSISTENT = 2;

    private final byte[] name;
    private final byte[] data;

    /**
     * @param name usually four letters; for some the 16 bytes of a GUID
     * @param data copied
     */
    public CreateContext(byte[] name, byte[] data) {
        this.name = name.clone();
        this.data = data.clone();
    }

    /** With a name of letters. */
    public static CreateContext of(String name, byte[] data) {
        return new CreateContext(name.getBytes(StandardCharsets.US_ASCII), data);
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** All bytes of a buffer made by {@link #bytes}. */
    private static byte[] all(ByteBuffer bytes) {
        byte[] all = new byte[bytes.capacity()];
        bytes.get(0, all);
        return all;
    }

    private static ByteBuffer put(ByteBuffer bytes, UUID id) {
        // Any 16 bytes do: the server only compares them.
        return bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    /** Asks for a handle that survives a lost connection (MS-SMB2 2.2.13.2.11). */
    public static CreateContext durable(UUID createId, boolean persistent) {
        ByteBuffer data =
                bytes(32).putInt(0).putInt(persistent ? PERSISTENT : 0).putLong(0);
        return of(DURABLE, put(data, createId).array());
    }

    /** Takes such a handle up again (MS-SMB2 2.2.13.2.12). */
    public static CreateContext reconnect(FileId file, UUID createId, boolean persistent) {
        ByteBuffer data = bytes(36).putLong(file.durable()).putLong(file.current());
        return of(
                RECONNECT,
                put(data, createId).putInt(persistent ? PERSISTENT : 0).array());
    }

    /** Asks for the lease that a durable handle needs on most servers (MS-SMB2 2.2.13.2.8). */
    public static CreateContext lease(UUID key) {
        return of(LEASE, all(put(bytes(32), key).putInt(READ_AND_HANDLE)));
    }

    /** Whether the server granted a durable handle. */
    static boolean isDurable(List<CreateContext> answers) {
        return find(answers, DURABLE).isPresent();
    }

    /** Whether it also granted that the handle survives the server itself; flags behind the time-out. */
    static boolean isPersistent(List<CreateContext> answers) {
        return find(answers, DURABLE)
                .filter(context -> context.data.length >= 8)
                .map(context -> ByteBuffer.wrap(context.data).order(ByteOrder.LITTLE_ENDIAN))
                .map(data -> (data.getInt(4) & PERSISTENT) != 0)
                .orElse(false);
    }

    /** What it says; not to be changed. */
    public byte[] data() {
        return data.clone();
    }

    public boolean isNamed(byte[] bytes) {
        return Arrays.equals(name, bytes);
    }

    public boolean isNamed(String text) {
        return Arrays.equals(name, text.getBytes(StandardCharsets.US_ASCII));
    }

    public static Optional<CreateContext> find(List<CreateContext> contexts, String name) {
        return contexts.stream().filter(context -> context.isNamed(name)).findFirst();
    }

    private static int pad(int length) {
        return (length + 7) & ~7;
    }

    /** All of them as they stand in a request. */
    static byte[] encode(List<CreateContext> contexts) {
        int length = 0;
        for (CreateContext context : contexts) {
            length += pad(pad(ENTRY + context.name.length) + context.data.length);
        }
        ByteBuffer all = bytes(length);
        int at = 0;
        for (int i = 0; i < contexts.size(); i++) {
            CreateContext context = contexts.get(i);
            int dataOffset = pad(ENTRY + context.name.length);
            int end = pad(dataOffset + context.data.length);
            all.putInt(at, i == contexts.size() - 1 ? 0 : end);
            all.putShort(at + 4, (short) ENTRY).putShort(at + 6, (short) context.name.length);
            all.putShort(at + 10, (short) (context.data.length == 0 ? 0 : dataOffset));
            all.putInt(at + 12, context.data.length);
            all.put(at + ENTRY, context.name);
            all.put(at + dataOffset, context.data);
            at += end;
        }
        return all(all);
    }

    /** Those of an answer. */
    static List<CreateContext> decode(Reply reply, int offset, int length) throws BadReplyException {
        List<CreateContext> found = new ArrayList<>();
        ByteBuffer all = reply.part(offset, length);
        int at = 0;
        while (length > 0) {
            if (all.limit() - at < ENTRY) {
                throw reply.bad("a create context of at least " + ENTRY + " bytes", (all.limit() - at) + " bytes");
            }
            int next = all.getInt(at);
            int end = next == 0 ? all.limit() : at + next;
            // Each entry is behind the one before, so the loop ends.
            if (next < 0 || next != 0 && next < ENTRY || end < 0 || end > all.limit()) {
                throw reply.bad("the next create context inside " + length + " bytes", "it at " + at + " + " + next);
            }
            byte[] name = inside(reply, all, at, all.getShort(at + 4) & 0xFFFF, all.getShort(at + 6) & 0xFFFF, end);
            byte[] data = inside(reply, all, at, all.getShort(at + 10) & 0xFFFF, all.getInt(at + 12), end);
            found.add(new CreateContext(name, data));
            if (next == 0) {
                break;
            }
            at = end;
        }
        return found;
    }

    private static byte[] inside(Reply reply, ByteBuffer all, int at, int offset, int length, int end)
            throws BadReplyException {
        if (length == 0) {
            return new byte[0];
        }
        if (length < 0 || offset > end - at || length > end - at - offset) {
            throw reply.bad("name and data inside their create context", length + " bytes at " + offset);
        }
        byte[] bytes = new byte[length];
        all.get(at + offset, bytes);
        return bytes;
    }
}
