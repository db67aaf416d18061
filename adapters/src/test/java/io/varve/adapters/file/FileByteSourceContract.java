package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.contract.ByteSourceContract;
import io.varve.engine.port.ByteSource;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a source over a file of this host promises beyond the port. */
abstract class FileByteSourceContract extends ByteSourceContract {
    @TempDir
    Path folder;

    private int files;

    abstract ByteSource open(Path file) throws IOException;

    @Override
    protected ByteSource source(byte[] content) throws IOException {
        return open(Files.write(folder.resolve("file-" + files++), content));
    }

    @Test
    void fileGoesAwayAfterClose() throws IOException {
        Path file = Files.write(folder.resolve("gone"), new byte[100_000]);
        ByteSource source = open(file);
        source.read(0, ByteBuffer.allocate(100_000));
        source.close();
        source.close();
        Files.delete(file);
        assertFalse(Files.exists(file));
        assertThrows(IOException.class, () -> source.read(0, ByteBuffer.allocate(1)));
        if (Files.isReadable(Path.of("/proc/self/maps"))) {
            assertFalse(Files.readString(Path.of("/proc/self/maps")).contains(file.toString()), "still mapped");
        }
    }

    @Test
    void holesOfSparseFileAreLeftOut() throws IOException {
        Path file = folder.resolve("sparse");
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(1L << 32);
            out.seek(1L << 30);
            out.write(new byte[] {1, 2, 3});
        }
        try (ByteSource source = open(file)) {
            RangeSet ranges = source.dataRanges(new Range(0, 1L << 32));
            Assumptions.assumeTrue(ranges.totalLength() < 1L << 32, "this file system or system tells no holes");
            assertTrue(ranges.contains(1L << 30), ranges.toString());
            assertTrue(ranges.totalLength() <= 1 << 20, ranges.toString());
            assertEquals(RangeSet.empty(), source.dataRanges(new Range(1L << 31, 1L << 30)));
            assertEquals(RangeSet.empty(), source.dataRanges(new Range(1L << 32, 1L << 30)));
            ByteBuffer around = ByteBuffer.allocate(5);
            source.read((1L << 30) - 1, around);
            assertArrayEquals(new byte[] {0, 1, 2, 3, 0}, around.array());
        }
    }

    @Test
    void truncatedFileIsAnIOException() throws IOException {
        byte[] content = new byte[1 << 20];
        Arrays.fill(content, (byte) 7);
        Path file = Files.write(folder.resolve("cut"), content);
        try (ByteSource source = open(file)) {
            source.read(0, ByteBuffer.allocate(1 << 20));
            try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
                out.setLength(100_001);
            }
            assertThrows(IOException.class, () -> source.read(1 << 19, ByteBuffer.allocate(4096)));
            assertThrows(IOException.class, () -> source.read(100_000, ByteBuffer.allocate(100)));
        }
    }

    @Test
    void interruptedReaderDoesNotBreakTheOthers() throws Exception {
        byte[] content = new byte[1 << 20];
        new SplittableRandom(5).nextBytes(content);
        Path file = Files.write(folder.resolve("interrupted"), content);
        try (ByteSource source = open(file)) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread steady = new Thread(() -> {
                ByteBuffer target = ByteBuffer.allocateDirect(1 << 20);
                while (!stop.get() && failure.get() == null) {
                    try {
                        source.read(0, target.clear());
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                }
            });
            steady.start();
            for (int round = 0; round < 50; round++) {
                Thread victim = new Thread(() -> {
                    ByteBuffer target = ByteBuffer.allocateDirect(1 << 20);
                    try {
                        for (int i = 0; i < 200 && !Thread.currentThread().isInterrupted(); i++) {
                            source.read(0, target.clear());
                        }
                    } catch (IOException e) {
                        // The interrupted thread may be told so.
                    }
                });
                victim.start();
                Thread.sleep(1);
                victim.interrupt();
                victim.join();
            }
            stop.set(true);
            steady.join();
            if (failure.get() != null) {
                throw new AssertionError(failure.get());
            }
            ByteBuffer target = ByteBuffer.allocate(1 << 20);
            source.read(0, target);
            assertArrayEquals(content, target.array());
        }
    }

    @Test
    void refusesWhatIsNoFile() {
        assertThrows(IOException.class, () -> open(folder));
        assertThrows(IOException.class, () -> open(folder.resolve("missing")));
        Path zero = Path.of("/dev/zero");
        if (Files.exists(zero)) {
            assertThrows(IOException.class, () -> open(zero));
        }
    }
}
