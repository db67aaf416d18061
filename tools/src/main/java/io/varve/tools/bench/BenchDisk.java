package io.varve.tools.bench;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.engine.range.RangeSet;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** The disk that a benchmark backs up. */
final class BenchDisk {
    private static final int BLOCK = 64 << 10;
    private static final int KINDS = 4; // two of four blocks are text, one is noise, one is a hole
    private static final long WINDOW = 1L << 30;
    private static final long LEAST = 1 << 20;
    private static final long MOST = 1L << 46;

    private BenchDisk() {}

    static void checkSize(long size) throws UsageException {
        if (size < LEAST || size > MOST || size % BLOCK != 0) {
            throw new UsageException("--synthetic is a size from 1MiB to 64TiB, a multiple of 64KiB");
        }
    }

    /** Writes a sparse raw file and waits until it is on disk. */
    static Path write(Path file, long size, Cancellation cancellation) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            for (long number = 0; number < size / BLOCK; number++) {
                cancellation.check();
                int kind = (int) (number % KINDS);
                if (kind == KINDS - 1 && number < size / BLOCK - 1) {
                    continue;
                }
                block.clear();
                while (block.hasRemaining()) {
                    // Numbers and words compress about 2:1 with LZ4, like the content of a real disk.
                    block.putLong(kind == 1 ? random.nextLong() : random.nextInt(1 << 16));
                    block.putLong(random.nextLong());
                }
                block.flip();
                while (block.hasRemaining()) {
                    channel.write(block, number * BLOCK + block.position());
                }
            }
            channel.force(true);
        }
        return file;
    }

    static DiskImage open(Path disk) throws IOException {
        return DiskImages.open(disk, Reader.AUTO);
    }

    /** Returns the number of bytes that may not be zeros. */
    static long dataSize(Path disk) throws IOException {
        try (DiskImage image = open(disk)) {
            return data(image).totalLength();
        }
    }

    static RangeSet data(DiskImage image) throws IOException {
        RangeSet.Builder all = new RangeSet.Builder();
        for (long at = 0; at < image.size(); at += WINDOW) {
            for (Range range : image.allocated(Range.between(at, Math.min(at + WINDOW, image.size())))) {
                all.add(range.offset(), range.endOffset());
            }
        }
        return all.build();
    }
}
