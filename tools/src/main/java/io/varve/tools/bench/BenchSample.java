package io.varve.tools.bench;

import io.varve.engine.port.DiskImage;
import io.varve.engine.range.Range;
import io.varve.store.chunk.Lz4;
import io.varve.store.chunk.Zeros;
import io.varve.tools.output.UsageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The data for measuring limits: up to 256 non-zero blocks of 64 KiB from all over a disk, plain and compressed. They
 * take 16 MiB, so that they come from memory rather than from the fastest cache. Thread-safe.
 */
final class BenchSample implements AutoCloseable {
    static final int BLOCK = 64 << 10;
    private static final int MOST = 256;

    private final List<ByteBuffer> plain = new ArrayList<>();
    private final List<ByteBuffer> compressed = new ArrayList<>();

    private BenchSample() {}

    /** @throws UsageException if the disk is empty */
    static BenchSample of(Path disk) throws IOException {
        BenchSample sample = new BenchSample();
        try (DiskImage image = BenchDisk.open(disk)) {
            var data = BenchDisk.data(image);
            // An odd distance, so that a regular pattern on the disk does not select only one kind of block.
            long distance = Math.max(1, data.totalLength() / BLOCK / MOST) | 1;
            long number = 0;
            for (Range range : data) {
                for (long at = range.offset(); at + BLOCK <= range.endOffset(); at += BLOCK) {
                    if (number++ % distance == 0 && sample.plain.size() < MOST) {
                        sample.add(image, at);
                    }
                }
            }
        }
        if (sample.plain.isEmpty()) {
            throw new UsageException(disk + " holds no data to measure");
        }
        return sample;
    }

    private void add(DiskImage image, long offset) throws IOException {
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
        image.read(offset, block);
        block.clear();
        if (Zeros.isZero(block)) {
            return;
        }
        ByteBuffer target = ByteBuffer.allocateDirect(Lz4.maxCompressedLength(BLOCK));
        int length = Lz4.compress(block, target);
        plain.add(block);
        // As in the repository: blocks that hardly shrink are stored uncompressed and need no decoding.
        compressed.add(length > BLOCK - BLOCK / 16 ? null : target.limit(length));
    }

    int count() {
        return plain.size();
    }

    /** Returns an independent view of block {@code number}. */
    ByteBuffer plain(int number) {
        return plain.get(number).duplicate();
    }

    /** Returns an independent view of the block compressed with LZ4; null if that saves too little. */
    ByteBuffer compressed(int number) {
        ByteBuffer payload = compressed.get(number);
        return payload == null ? null : payload.duplicate();
    }

    /** Releases the memory, which would otherwise count as heap of the steps. */
    @Override
    public void close() {
        plain.clear();
        compressed.clear();
    }
}
