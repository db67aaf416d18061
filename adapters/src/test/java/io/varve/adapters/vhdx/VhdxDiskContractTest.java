package io.varve.adapters.vhdx;

import io.varve.adapters.contract.DiskImageContract;
import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.vhdx.read.VhdxDisk;
import io.varve.engine.port.DiskImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;

class VhdxDiskContractTest {
    /**
     * Blocks in any order in the file; blocks of zeros in every state that has no place, and sometimes with a kept one.
     */
    static byte[] dynamic(byte[] content, int blockSize, int lss, long seed) {
        VhdxBuilder builder = new VhdxBuilder(content.length, blockSize);
        builder.lss = lss;
        List<Integer> blocks = new ArrayList<>();
        for (int block = 0; (long) block * blockSize < content.length; block++) {
            blocks.add(block);
        }
        Collections.shuffle(blocks, new Random(seed));
        for (int block : blocks) {
            int from = block * blockSize;
            byte[] data = Arrays.copyOfRange(content, from, Math.min(from + blockSize, content.length));
            if (Arrays.mismatch(data, new byte[data.length]) >= 0) {
                builder.present(block, data);
            } else {
                builder.state(block, block % 4);
                // Soft anchor: states 1 and 3 may keep an old place, which must not be read.
                if (block % 4 == 1 || block % 4 == 3) {
                    builder.entries.put(builder.index(block), 4L << 20 | block % 4);
                }
            }
        }
        return builder.build();
    }

    private static byte[] fixed(byte[] content) {
        VhdxBuilder builder = new VhdxBuilder(content.length, 2 << 20);
        builder.flags = 1;
        for (int block = 0; (long) block * builder.blockSize < content.length; block++) {
            int from = block * builder.blockSize;
            int end = Math.min(from + builder.blockSize, content.length);
            builder.present(block, Arrays.copyOfRange(content, from, end));
        }
        return builder.build();
    }

    @Nested
    class Dynamic extends DiskImageContract {
        @Override
        protected DiskImage image(byte[] content) throws IOException {
            return VhdxDisk.open(new MemoryByteSource(dynamic(content, 1 << 20, 512, 1)));
        }

        @Override
        protected String format() {
            return "vhdx-dynamic";
        }
    }

    @Nested
    class LargeBlocksAndSectors extends DiskImageContract {
        @Override
        protected DiskImage image(byte[] content) throws IOException {
            return VhdxDisk.open(new MemoryByteSource(dynamic(content, 4 << 20, 4096, 2)));
        }

        @Override
        protected String format() {
            return "vhdx-dynamic";
        }
    }

    @Nested
    class Fixed extends DiskImageContract {
        @Override
        protected DiskImage image(byte[] content) throws IOException {
            return VhdxDisk.open(new MemoryByteSource(fixed(content)));
        }

        @Override
        protected String format() {
            return "vhdx-fixed";
        }
    }
}
