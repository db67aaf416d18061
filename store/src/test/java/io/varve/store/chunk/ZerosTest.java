package io.varve.store.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ZerosTest {
    private static final int[] LENGTHS = {0, 1, 7, 512, 4096, 65_535, 65_536, 65_537, 200_000};

    @Test
    void zerosAreZerosAndOneBitIsNot() {
        for (int length : LENGTHS) {
            for (ByteBuffer all :
                    new ByteBuffer[] {ByteBuffer.allocateDirect(length + 2), ByteBuffer.allocate(length + 2)}) {
                all.put(0, (byte) 1).put(length + 1, (byte) 1).position(1).limit(length + 1);
                assertTrue(Zeros.isZero(all), length + " bytes between others");
                for (int at : new int[] {0, length / 2, length - 1, 65_535, 65_536}) {
                    if (at >= 0 && at < length) {
                        all.put(1 + at, (byte) 0x80);
                        assertFalse(Zeros.isZero(all), "bit at " + at + " of " + length);
                        all.put(1 + at, (byte) 0);
                    }
                }
                assertEquals(1, all.position());
                assertEquals(length + 1, all.limit());
            }
        }
    }

    @Test
    void fillWritesZerosBetweenPositionAndLimitOnly() {
        for (int length : LENGTHS) {
            ByteBuffer all = ByteBuffer.allocateDirect(length + 2);
            for (int i = 0; i < all.capacity(); i++) {
                all.put(i, (byte) 3);
            }
            all.position(1).limit(length + 1);
            Zeros.fill(all);
            assertTrue(Zeros.isZero(all), length + " bytes");
            assertEquals(1, all.position());
            all.clear();
            assertEquals(3, all.get(0));
            assertEquals(3, all.get(length + 1));
        }
    }
}
