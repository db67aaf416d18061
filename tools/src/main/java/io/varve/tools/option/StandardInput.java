package io.varve.tools.option;

import io.varve.engine.Cancellation;
import io.varve.engine.port.TargetException;
import io.varve.store.fault.Reason;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Copies standard input to a file. Can be stopped while no input arrives. */
public final class StandardInput {
    private static final int PIECE = 1 << 20;
    private static final int LOOK_MILLIS = 100;
    private static final byte[] ZEROS = new byte[PIECE];

    private StandardInput() {}

    public static Path keep(Path directory, Cancellation cancellation) throws IOException {
        Path file = directory.resolve("standard-input");
        // This is a separate thread, which may remain: nothing ends a read from a pipe that nobody writes to.
        ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, "varve-stdin");
            thread.setDaemon(true);
            return thread;
        });
        byte[] piece = new byte[PIECE];
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            long length = 0;
            for (int count = read(reader, piece, cancellation); count >= 0; count = read(reader, piece, cancellation)) {
                length += count;
                write(out, piece, count, length, directory);
            }
        } finally {
            reader.shutdown();
        }
        return file;
    }

    /** Zeros become holes, as far as the file system has them: a disk takes no more room than its data. */
    private static void write(RandomAccessFile out, byte[] piece, int count, long length, Path directory)
            throws TargetException {
        try {
            if (Arrays.mismatch(piece, 0, count, ZEROS, 0, count) < 0) {
                out.setLength(length);
                out.seek(length);
            } else {
                out.write(piece, 0, count);
            }
        } catch (IOException e) {
            throw new TargetException(
                    directory + ": cannot save standard input there: " + Reason.of(e)
                            + "; give a directory with enough space as --scratch",
                    e);
        }
    }

    private static int read(ExecutorService reader, byte[] piece, Cancellation cancellation) throws IOException {
        cancellation.check();
        Future<Integer> reading = reader.submit(() -> System.in.read(piece));
        while (true) {
            try {
                return reading.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                cancellation.check(); // then look again
            } catch (ExecutionException e) {
                throw new IOException("standard input: " + e.getCause().getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while standard input was read");
            }
        }
    }
}
