package io.varve.adapters.vhd;

import io.varve.adapters.contract.DiskImageContract;
import io.varve.engine.port.DiskImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;

class VhdContractTest {
    /** Blocks in any order in the file; blocks of zeros are absent. */
    private static byte[] dynamic(byte[] content, int blockSize) {
        VhdBuilder builder = new VhdBuilder(content.length, blockSize);
        List<Integer> blocks = new ArrayList<>();
        for (int block = 0; (long) block * blockSize < content.length; block++) {
            blocks.add(block);
        }
        Collections.shuffle(blocks, new Random(blockSize));
        for (int block : blocks) {
            int from = block * blockSize;
            byte[] data = Arrays.copyOfRange(content, from, Math.min(from + blockSize, content.length));
            if (Arrays.mismatch(data, new byte[data.length]) >= 0) {
                builder.block(block, data);
            }
        }
        return builder.build();
    }

    @Nested
    class Fixed extends DiskImageContract {
        @Override
        protected DiskImage image(byte[] content) throws IOException {
            return SmallVhd.open(VhdBuilder.fixed(content).build());
        }

        @Override
        protected String format() {
            return "vhd-fixed";
        }
    }

    @Nested
    class Dynamic extends DiskImageContract {
        @Override
        protected DiskImage image(byte[] content) throws IOException {
            return SmallVhd.open(dynamic(content, 2 << 20));
        }

        @Override
        protected String format() {
            return "vhd-dynamic";
        }
    }

    /** The table has more than two pages, and several of them are kept in turn. */
    @Nested
    class SmallestBlocks extends DiskImageContract {
        @Override
        protected DiskImage image(byte[] content) throws IOException {
            return SmallVhd.open(dynamic(content, 512));
        }

        @Override
        protected String format() {
            return "vhd-dynamic";
        }
    }

    /** The sector bitmap of a block fills more than one sector. */
    @Nested
    class LargeBlocks extends DiskImageContract {
        @Override
        protected DiskImage image(byte[] content) throws IOException {
            return SmallVhd.open(dynamic(content, 8 << 20));
        }

        @Override
        protected String format() {
            return "vhd-dynamic";
        }
    }
}
