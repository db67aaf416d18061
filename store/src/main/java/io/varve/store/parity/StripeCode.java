package io.varve.store.parity;

/**
 * Reed–Solomon code with four parity sectors per stripe: any four sectors of a stripe, data or parity, can be computed
 * from the others. Parity q is the sum of all data sectors t, each multiplied by 1 / (q + 4 + t). This is a Cauchy
 * matrix, so every square submatrix is invertible.
 *
 * <p>A table gives the products of a byte with the four factors of its column as the four bytes of an int, so encoding
 * costs one look-up per byte of data. Immutable. Takes 1 KiB of heap per column.
 */
public final class StripeCode {
    /** Number of parity sectors in a stripe. */
    public static final int PARITY = 4;

    /** Largest number of data sectors in a stripe. */
    public static final int MAX_COLUMNS = 256 - PARITY;

    private final int[][] products;

    /** @param columns number of data sectors in a stripe, at most {@link #MAX_COLUMNS} */
    public StripeCode(int columns) {
        products = new int[columns][256];
        for (int column = 0; column < columns; column++) {
            for (int value = 0; value < 256; value++) {
                int packed = 0;
                for (int q = 0; q < PARITY; q++) {
                    packed |= GaloisField.multiply(factor(q, column), value) << (8 * q);
                }
                products[column][value] = packed;
            }
        }
    }

    private static int factor(int parity, int column) {
        return GaloisField.inverse(parity ^ (PARITY + column));
    }

    /**
     * Adds the data of one column to the parity of its stripes.
     *
     * @param sums the four parity bytes of each position, packed into an int, from {@code at} on
     * @param data {@code length} bytes from {@code from} on
     */
    public void add(int column, byte[] data, int from, int length, int[] sums, int at) {
        int[] table = products[column];
        for (int i = 0; i < length; i++) {
            sums[at + i] ^= table[data[from + i] & 0xFF];
        }
    }

    /** Extracts parity {@code q} of {@code length} positions from {@code at} on. */
    public static void unpack(int[] sums, int at, int q, byte[] target, int length) {
        int shift = 8 * q;
        for (int i = 0; i < length; i++) {
            target[i] = (byte) (sums[at + i] >>> shift);
        }
    }

    /**
     * Computes the missing data sectors of one stripe.
     *
     * @param missing columns of the missing sectors, at most four
     * @param parities numbers of as many intact parity sectors of the stripe
     * @param sums parity of the data sectors that exist, computed by {@link #add}
     * @param parity content of the intact parity sectors
     * @return content of the missing sectors
     */
    public byte[][] solve(int[] missing, int[] parities, int[] sums, byte[][] parity) {
        int count = missing.length;
        int length = sums.length;
        int[][] matrix = new int[count][count];
        for (int row = 0; row < count; row++) {
            for (int column = 0; column < count; column++) {
                matrix[row][column] = factor(parities[row], missing[column]);
            }
        }
        int[][] inverse = GaloisField.invert(matrix);
        byte[][] found = new byte[count][length];
        for (int i = 0; i < length; i++) {
            for (int row = 0; row < count; row++) {
                int rest = parity[row][i] & 0xFF ^ sums[i] >>> 8 * parities[row] & 0xFF;
                for (int column = 0; column < count; column++) {
                    found[column][i] ^= (byte) GaloisField.multiply(inverse[column][row], rest);
                }
            }
        }
        return found;
    }
}
