package io.varve.tools.bench;

import com.sun.nio.file.ExtendedOpenOption;
import io.varve.engine.Cancellation;
import io.varve.engine.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sequential speed of a file in a directory, bytes per second of wall time, in pieces of 1 MiB. Writes include a final
 * sync. Reads bypass the page cache if the file system supports that.
 *
 * @param write speed of one writing thread
 * @param read speed of one thread, one read at a time
 * @param readByAll speed of all workers together
 * @param cached whether reads came from the page cache
 */
record DiskSpeed(double write, double read, double readByAll, boolean cached) {
    private static final int PIECE = 1 << 20;
    private static final int ALIGNMENT = 4096;

    /**
     * Writes for about {@code millis} ms, and reads the file again.
     *
     * @param most bytes to write
     * @param directory directory of the temporary file
     */
    static DiskSpeed measure(Path directory, long most, int workers, int millis, Cancellation cancellation)
            throws IOException {
        Path file = directory.resolve("limit.tmp");
        try {
            long started = System.nanoTime();
            long size = write(file, most, started + millis * 1_000_000L, cancellation);
            double write = size * 1e9 / (System.nanoTime() - started);
            boolean cached = false;
            FileChannel channel;
            try {
                channel = FileChannel.open(file, StandardOpenOption.READ, ExtendedOpenOption.DIRECT);
            } catch (IOException | UnsupportedOperationException e) {
                channel = FileChannel.open(file, StandardOpenOption.READ);
                cached = true;
            }
            try (FileChannel source = channel) {
                double one = read(source, size, 1, cancellation);
                return new DiskSpeed(write, one, read(source, size, workers, cancellation), cached);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static long write(Path file, long most, long end, Cancellation cancellation) throws IOException {
        ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
        SplittableRandom random = new SplittableRandom(1);
        while (piece.hasRemaining()) {
            piece.putLong(random.nextLong());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long size = 0;
            do {
                cancellation.check();
                piece.clear();
                while (piece.hasRemaining()) {
                    size += channel.write(piece);
                }
            } while (size < most && System.nanoTime() < end);
            channel.force(true);
            return size;
        }
    }

    private static double read(FileChannel source, long size, int workers, Cancellation cancellation)
            throws IOException {
        AtomicLong next = new AtomicLong();
        long started = System.nanoTime();
        Workers.run(workers, "varve-bench", cancellation, () -> {
            ByteBuffer piece = ByteBuffer.allocateDirect(PIECE + ALIGNMENT).alignedSlice(ALIGNMENT);
            return () -> {
                for (long at = next.getAndAdd(PIECE); at < size; at = next.getAndAdd(PIECE)) {
                    cancellation.check();
                    piece.clear().limit(PIECE);
                    if (source.read(piece, at) != PIECE) {
                        throw new IOException("a read of the benchmark's own file was short");
                    }
                }
                return null;
            };
        });
        return size * 1e9 / (System.nanoTime() - started);
    }
}
