package io.varve.adapters.smb.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * The answer to {@link Create} (MS-SMB2 2.2.14).
 *
 * @param file the server's name of the open file
 * @param facts of the file
 * @param contexts what the server had to say besides
 */
public record Created(FileId file, FileFacts facts, List<CreateContext> contexts) {
    private static final int BODY = Reply.HEADER;

    public static Created decode(Reply reply) throws BadReplyException {
        reply.require(89);
        FileFacts facts = new FileFacts(
                reply.i64(BODY + 8),
                reply.i64(BODY + 24),
                reply.i64(BODY + 32),
                reply.i64(BODY + 48),
                reply.i32(BODY + 56));
        if (facts.size() < 0) {
            throw reply.bad("a file size", Long.toString(facts.size()));
        }
        int offset = reply.i32(BODY + 80);
        int length = reply.i32(BODY + 84);
        List<CreateContext> contexts =
                offset == 0 || length == 0 ? List.of() : CreateContext.decode(reply, offset, length);
        return new Created(FileId.read(reply, BODY + 64), facts, List.copyOf(contexts));
    }

    /** Whether the handle can be taken up again after the connection was lost. */
    public boolean isDurable() {
        return CreateContext.isDurable(contexts);
    }

    /** Whether the handle survives that the server fails over; it is taken up in another way then. */
    public boolean isPersistent() {
        return CreateContext.isPersistent(contexts);
    }

    /**
     * The file's number and its volume's, if the server says them.
     *
     * @param number of the file on the volume
     */
    public record DiskId(long number, long volume) {}

    public Optional<DiskId> diskId() {
        return CreateContext.find(contexts, CreateContext.QUERY_ON_DISK_ID)
                .filter(context -> context.data().length >= 16)
                .map(context -> ByteBuffer.wrap(context.data()).order(ByteOrder.LITTLE_ENDIAN))
                .map(data -> new DiskId(data.getLong(0), data.getLong(8)))
                .filter(id -> id.number() != 0 && id.number() != -1);
    }

    /** Whether both are opens of one file: by its number, or where the server says none by when it was made. */
    public boolean isSameFileAs(Created other) {
        return diskId().isPresent() || other.diskId().isPresent()
                ? diskId().equals(other.diskId())
                : facts.created() == other.facts.created();
    }
}
