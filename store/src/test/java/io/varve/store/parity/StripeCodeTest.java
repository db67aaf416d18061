package io.varve.store.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The arithmetic, against what can be computed by hand; and any four of a stripe out of the others. */
class StripeCodeTest {
    /** Multiplication as polynomials, bit by bit. */
    private static int slowly(int a, int b) {
        int product = 0;
        for (int bit = 0; bit < 8; bit++) {
            if ((b >> bit & 1) == 1) {
                product ^= a << bit;
            }
        }
        for (int bit = 15; bit >= 8; bit--) {
            if ((product >> bit & 1) == 1) {
                product ^= 0x11D << (bit - 8);
            }
        }
        return product;
    }

    @Test
    void multiplicationIsThatOfPolynomials() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                assertEquals(slowly(a, b), GaloisField.multiply(a, b), a + " * " + b);
            }
            if (a > 0) {
                assertEquals(1, slowly(a, GaloisField.inverse(a)));
            }
        }
        assertThrows(ArithmeticException.class, () -> GaloisField.inverse(0));
    }

    /** As the format says it: parity q is the sum of 1 / (q + 4 + t) times sector t, in the field, + being xor. */
    @Test
    void parityIsWhatTheFormatSays() {
        StripeCode code = new StripeCode(3);
        byte[][] data = {{1, 2, (byte) 200}, {0, 77, 5}, {(byte) 255, 9, 31}};
        int[] sums = new int[3];
        for (int column = 0; column < 3; column++) {
            code.add(column, data[column], 0, 3, sums, 0);
        }
        byte[] parity = new byte[3];
        for (int q = 0; q < 4; q++) {
            StripeCode.unpack(sums, 0, q, parity, 3);
            for (int i = 0; i < 3; i++) {
                int expected = 0;
                for (int t = 0; t < 3; t++) {
                    expected ^= slowly(GaloisField.inverse(q ^ 4 + t), data[t][i] & 0xFF);
                }
                assertEquals((byte) expected, parity[i], "parity " + q + " of byte " + i);
            }
        }
    }

    /** Every choice of up to four sectors of a small stripe, and many of the largest. */
    @Test
    void anyFourOfAStripeCanBeComputed() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int tried = 0;
        for (int choice = 0; choice < 1 << 10; choice++) {
            if (Integer.bitCount(choice) <= 4) {
                assertComputed(6, choice, random, "seed " + seed + ", choice " + choice);
                tried++;
            }
        }
        assertEquals(1 + 10 + 45 + 120 + 210, tried);
        for (int round = 0; round < 300; round++) {
            int columns = StripeCode.MAX_COLUMNS;
            List<Integer> erased = new ArrayList<>();
            while (erased.size() < 4) {
                int sector = random.nextInt(columns + 4);
                if (!erased.contains(sector)) {
                    erased.add(sector);
                }
            }
            assertComputed(columns, erased, random, "seed " + seed + ", erased " + erased);
        }
    }

    /** @param choice a bit for each sector that is lost, data before parity */
    private static void assertComputed(int columns, int choice, SplittableRandom random, String where) {
        List<Integer> erased = new ArrayList<>();
        for (int sector = 0; sector < columns + 4; sector++) {
            if ((choice >> sector & 1) == 1) {
                erased.add(sector);
            }
        }
        assertComputed(columns, erased, random, where);
    }

    private static void assertComputed(int columns, List<Integer> erased, SplittableRandom random, String where) {
        int length = 5;
        StripeCode code = new StripeCode(columns);
        byte[][] data = new byte[columns][length];
        int[] all = new int[length];
        int[] rest = new int[length];
        for (int column = 0; column < columns; column++) {
            random.nextBytes(data[column]);
            code.add(column, data[column], 0, length, all, 0);
            if (!erased.contains(column)) {
                code.add(column, data[column], 0, length, rest, 0);
            }
        }
        int[] missing = erased.stream()
                .filter(sector -> sector < columns)
                .mapToInt(Integer::intValue)
                .toArray();
        int[] parities = new int[missing.length];
        byte[][] contents = new byte[missing.length][length];
        int found = 0;
        for (int q = 0; q < 4 && found < missing.length; q++) {
            if (!erased.contains(columns + q)) {
                StripeCode.unpack(all, 0, q, contents[found], length);
                parities[found++] = q;
            }
        }
        byte[][] solved = code.solve(missing, parities, rest, contents);
        for (int i = 0; i < missing.length; i++) {
            assertArrayEquals(data[missing[i]], solved[i], where);
        }
    }
}
