package io.varve.adapters.file;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Complete transfers at a position of a file channel, which by itself may transfer less. Threads may share the channel.
 */
public final class Transfer {
    /**
     * Longest piece transferred from or to a heap buffer. The JDK copies it through a direct buffer of the same length,
     * which it caches per thread.
     */
    private static final int HEAP_PIECE = 1 << 20;

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();

    private Transfer() {}

    /** Writes {@code source} from position to limit at {@code offset}; afterwards the position equals the limit. */
    public static void write(FileChannel channel, long offset, ByteBuffer source) throws IOException {
        long position = offset;
        int limit = source.limit();
        try {
            while (source.position() < limit) {
                source.limit(pieceEnd(source, limit));
                position += channel.write(source, position);
            }
        } finally {
            source.limit(limit);
        }
    }

    /** Writes {@code length} zero bytes at {@code offset}. */
    public static void writeZeros(FileChannel channel, long offset, long length) throws IOException {
        ByteBuffer zeros = ZEROS.duplicate();
        for (long done = 0; done < length; done += zeros.capacity()) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), length - done));
            write(channel, offset + done, zeros);
        }
    }

    /**
     * Fills {@code target} from {@code offset} on; afterwards the position equals the limit.
     *
     * @throws EOFException if the file ends before that; the content of {@code target} is undefined then
     */
    public static void read(FileChannel channel, long offset, ByteBuffer target) throws IOException {
        long position = offset;
        int limit = target.limit();
        try {
            while (target.position() < limit) {
                target.limit(pieceEnd(target, limit));
                int count = channel.read(target, position);
                if (count < 0) {
                    throw new EOFException("the file ends before offset " + position);
                }
                position += count;
            }
        } finally {
            target.limit(limit);
        }
    }

    private static int pieceEnd(ByteBuffer buffer, int limit) {
        return buffer.isDirect() ? limit : (int) Math.min(limit, (long) buffer.position() + HEAP_PIECE);
    }
}
