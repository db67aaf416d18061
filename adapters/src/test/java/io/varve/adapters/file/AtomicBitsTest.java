package io.varve.adapters.file;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AtomicBitsTest {
    @Test
    void equalsTheModel() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int count : new int[] {0, 1, 63, 64, 65, 1000}) {
            AtomicBits bits = new AtomicBits(count);
            BitSet model = new BitSet();
            for (int set = random.nextInt(20); set > 0 && count > 0; set--) {
                int bit = random.nextInt(count);
                bits.set(bit);
                model.set(bit);
            }
            for (int bit = 0; bit < count; bit++) {
                String label = "seed " + seed + ", bit " + bit + " of " + count;
                assertEquals(model.get(bit), bits.get(bit), label);
                int next = model.nextSetBit(bit);
                assertEquals(next < 0 ? count : next, bits.next(bit), label);
            }
            assertEquals(count, bits.next(count));
        }
    }
}
