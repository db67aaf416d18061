package io.varve.adapters.vhd;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.UUID;

/** A file of a chain as a naive model sees it: the content down to here. */
final class LayerModel {
    final byte[] content;
    final UUID id;
    final Path file;

    private LayerModel(byte[] content, UUID id, Path file) {
        this.content = content;
        this.id = id;
        this.file = file;
    }

    /** A random layer over {@code parent}, or a random disk without one when that is null, written to {@code file}. */
    static LayerModel random(SplittableRandom random, LayerModel parent, int size, int blockSize, Path file)
            throws IOException {
        return random(random, parent, size, blockSize, file, true);
    }

    /** @param oddBitmaps whether a dynamic disk's bitmaps may leave out sectors that have data */
    static LayerModel random(
            SplittableRandom random, LayerModel parent, int size, int blockSize, Path file, boolean oddBitmaps)
            throws IOException {
        byte[] below = parent == null ? new byte[0] : parent.content;
        UUID id = new UUID(random.nextLong(), random.nextLong());
        LayerModel layer = new LayerModel(Arrays.copyOf(below, size), id, file);
        VhdBuilder builder = new VhdBuilder(size, blockSize);
        if (parent == null && random.nextBoolean()) {
            random.nextBytes(layer.content);
            builder = VhdBuilder.fixed(layer.content);
        } else if (parent != null) {
            builder.child(parent.id, "W2ru", ".\\" + parent.file.getFileName());
        }
        builder.id = id;
        for (int number = 0; builder.type != VhdBuilder.FIXED && number * blockSize < size; number++) {
            byte[] data = new byte[blockSize];
            random.nextBytes(data);
            BitSet sectors = sectors(random, blockSize / 512);
            if (random.nextInt(3) == 0) {
                continue;
            }
            if (parent == null && !oddBitmaps) {
                sectors.set(0, blockSize / 512);
            }
            builder.block(number, data, sectors);
            // A dynamic disk's bitmap says nothing; what it says is random here.
            for (int sector = 0; sector < blockSize / 512; sector++) {
                int at = number * blockSize + sector * 512;
                if (at < size && (parent == null || sectors.get(sector))) {
                    System.arraycopy(data, sector * 512, layer.content, at, 512);
                }
            }
        }
        Files.write(file, builder.build());
        return layer;
    }

    /** None, all, single ones, or long runs of them. */
    private static BitSet sectors(SplittableRandom random, int count) {
        BitSet sectors = new BitSet();
        int kind = random.nextInt(4);
        for (int at = 0; at < count; ) {
            int length = kind == 3 ? random.nextInt(1, 200) : 1;
            if (kind == 1 || kind >= 2 && random.nextBoolean()) {
                sectors.set(at, Math.min(count, at + length));
            }
            at += length;
        }
        return sectors;
    }
}
