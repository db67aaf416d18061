package io.varve.adapters.vhdx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.varve.adapters.contract.MemoryByteSource;
import io.varve.adapters.contract.VhdxBuilder;
import io.varve.adapters.vhdx.read.PlaceIndex;
import io.varve.adapters.vhdx.read.VhdxLayer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlaceIndexTest {
    private static final int MIB = 1 << 20;

    /** With windows of any size the answers are those of the list of blocks. */
    @Test
    void everyPlaceOfTheFile() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        VhdxBuilder builder = new VhdxBuilder(60L * MIB, 2 * MIB);
        List<Integer> order = new ArrayList<>();
        for (int block = 0; block < 30; block += 1 + random.nextInt(3)) {
            order.add(block);
        }
        Collections.shuffle(order, random);
        long[] expected = new long[200];
        java.util.Arrays.fill(expected, -1);
        for (int block : order) {
            int place = (int) (builder.present(block, new byte[0]) / MIB);
            expected[place] = block;
            expected[place + 1] = block;
            builder.nextPlace += (long) random.nextInt(2) * MIB;
        }
        byte[] file = builder.build();
        try (VhdxLayer layer = VhdxLayer.open(new MemoryByteSource(file))) {
            for (int window : new int[] {1, 3, 7, 1000}) {
                PlaceIndex index = new PlaceIndex(layer.source(), layer.rules(), window);
                for (int unit = 0; unit < file.length / MIB + 5; unit++) {
                    String label = "seed " + seed + ", window " + window + ", MiB " + unit;
                    assertEquals(expected[unit], index.blockAt((long) unit * MIB), label);
                    assertEquals(expected[unit], index.blockAt((unit + 1L) * MIB - 1), label);
                }
                assertEquals(expected[5], index.blockAt(5L * MIB + 3), "back to the beginning");
            }
        }
    }
}
