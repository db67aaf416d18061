package io.varve.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** What benchmarks read and store. Public for JMH's generated code. */
public enum Content {
    /** Numbers and words: about 2:1 under LZ4, like the inside of a guest's disk. */
    TEXT,
    /** Does not compress. */
    NOISE,
    /** Blocks of 64 KiB of the two in turn. */
    MIXED,
    /** Written zeros, no holes. */
    ZEROS;

    private static final int BLOCK = 64 << 10;
    private static final int PIECE = 1 << 20;

    /** Fills {@code target} from its beginning to its capacity, a multiple of 16, and clears it. */
    void fill(ByteBuffer target, SplittableRandom random) {
        target.clear();
        while (target.remaining() >= 16) {
            boolean text = this == TEXT || this == MIXED && target.position() / BLOCK % 2 == 0;
            long first = text ? random.nextInt(1 << 16) : random.nextLong();
            long second = random.nextLong();
            target.putLong(this == ZEROS ? 0 : first).putLong(this == ZEROS ? 0 : second);
        }
        target.clear();
    }

    /** A new buffer of it, always the same. */
    ByteBuffer direct(int size) {
        ByteBuffer made = ByteBuffer.allocateDirect(size);
        fill(made, new SplittableRandom(1));
        return made;
    }

    /**
     * Writes a new file of it, and waits until it is on the disk, so that it does not get there while others measure.
     */
    Path write(Path file, long size) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        SplittableRandom random = new SplittableRandom(size);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (long written = 0; written < size; written += PIECE) {
                fill(piece, random);
                piece.limit((int) Math.min(PIECE, size - written));
                while (piece.hasRemaining()) {
                    channel.write(piece);
                }
            }
            channel.force(true);
        }
        return file;
    }
}
