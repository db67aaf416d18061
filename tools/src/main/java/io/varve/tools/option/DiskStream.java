package io.varve.tools.option;

import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.engine.restore.SnapshotImage;
import io.varve.store.fault.Reason;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.function.LongConsumer;

/** Writes verified bytes of a disk to standard output, in order. */
public final class DiskStream {
    private static final int PIECE = 1 << 20;

    private final SnapshotImage image;
    private final Cancellation cancellation;
    /** The file descriptor itself, which stays open. {@code System.out} is for text. */
    private final FileChannel out = new FileOutputStream(FileDescriptor.out).getChannel();

    public DiskStream(SnapshotImage image, Cancellation cancellation) {
        this.image = image;
        this.cancellation = cancellation;
    }

    /**
     * Writes the bytes from {@code from} to {@code end}, which is exclusive.
     *
     * @param done receives the number of bytes after each piece
     */
    public void write(long from, long end, LongConsumer done) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        for (long position = from; position < end; position += PIECE) {
            cancellation.check();
            piece.clear().limit((int) Math.min(PIECE, end - position));
            image.read(position, piece);
            int length = piece.flip().remaining();
            write(piece);
            done.accept(length);
        }
    }

    /** Whether the failure means that the reader of standard output has closed the pipe. */
    public static boolean isReaderGone(TargetException e) {
        return e.getCause() instanceof IOException cause && "Broken pipe".equals(cause.getMessage());
    }

    private void write(ByteBuffer piece) throws TargetException {
        try {
            while (piece.hasRemaining()) {
                out.write(piece);
            }
        } catch (IOException e) {
            throw new TargetException("standard output: " + Reason.of(e), e);
        }
    }
}
