package io.varve.adapters.vhdx;

import io.varve.adapters.contract.VhdxBuilder;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * A file of a chain as a naive model sees it: the content down to here, and which sectors the file says something of.
 */
final class LayerModel {
    static final int SECTOR = 512;

    final byte[] content;
    final byte[] dataWriteGuid;

    /** In units of 512 bytes, whatever the disk's sectors are. */
    final BitSet touched = new BitSet();

    Path file;

    private LayerModel(byte[] content, byte[] dataWriteGuid) {
        this.content = content;
        this.dataWriteGuid = dataWriteGuid;
    }

    /** A random layer over {@code parent}, or a random disk without one when that is null, written to {@code file}. */
    static LayerModel random(SplittableRandom random, LayerModel parent, int size, int lss, int block, Path file)
            throws IOException {
        byte[] guid = new byte[16];
        random.nextBytes(guid);
        LayerModel layer = new LayerModel(parent == null ? new byte[size] : Arrays.copyOf(parent.content, size), guid);
        layer.file = file;
        VhdxBuilder builder = new VhdxBuilder(size, block);
        builder.lss = lss;
        builder.dataWriteGuid = guid;
        builder.fileWriteGuid = guid;
        if (parent != null) {
            builder.child(parent.dataWriteGuid, "relative_path", ".\\" + parent.file.getFileName());
        }
        int sectors = block / lss;
        for (int number = 0; (long) number * block < size; number++) {
            byte[] data = new byte[block];
            random.nextBytes(data);
            int from = number * block;
            int length = Math.min(block, size - from);
            int kind = random.nextInt(10);
            if (kind < 4) {
                // Not present: the parent's. Bits of such blocks may be stale.
                if (parent != null && random.nextBoolean()) {
                    builder.bitmap(number).set(number % builder.ratio() * sectors + random.nextInt(sectors));
                }
            } else if (kind < 6) {
                builder.state(number, 1 + random.nextInt(3));
                layer.put(from, new byte[length], 0, length);
            } else if (kind < 7 || parent == null) {
                builder.present(number, data);
                layer.put(from, data, 0, length);
            } else {
                BitSet bits = new BitSet();
                for (int run = random.nextInt(1, 40); run > 0; run--) {
                    int first = random.nextInt(sectors);
                    bits.set(first, Math.min(sectors, first + random.nextInt(1, 100)));
                }
                builder.partial(number, data, bits);
                for (int sector = bits.nextSetBit(0); sector >= 0; sector = bits.nextSetBit(sector + 1)) {
                    int at = sector * lss;
                    if (at < length) {
                        layer.put(from, data, at, at + lss);
                    }
                }
            }
        }
        write(file, builder.build());
        return layer;
    }

    private void put(int block, byte[] data, int from, int end) {
        System.arraycopy(data, from, content, block + from, end - from);
        touched.set((block + from) / SECTOR, (block + end) / SECTOR);
    }

    /** Writes a file with holes for zeros, so that many and large ones cost little. */
    static Path write(Path file, byte[] bytes) throws IOException {
        int piece = 1 << 16;
        byte[] zeros = new byte[piece];
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(bytes.length);
            for (int at = 0; at < bytes.length; at += piece) {
                int end = Math.min(at + piece, bytes.length);
                if (Arrays.mismatch(bytes, at, end, zeros, 0, end - at) >= 0) {
                    out.seek(at);
                    out.write(bytes, at, end - at);
                }
            }
        }
        return file;
    }
}
