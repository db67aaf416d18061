package io.varve.store.parity;

/** Arithmetic in the field of 256 elements, defined by the polynomial x⁸ + x⁴ + x³ + x² + 1. Addition is xor. */
final class GaloisField {
    private static final int POLYNOMIAL = 0x11D;
    private static final int ORDER = 255;
    private static final int[] EXP = new int[2 * ORDER];
    private static final int[] LOG = new int[256];

    static {
        int value = 1;
        for (int power = 0; power < ORDER; power++) {
            EXP[power] = value;
            EXP[power + ORDER] = value;
            LOG[value] = power;
            value <<= 1;
            if (value > 255) {
                value ^= POLYNOMIAL;
            }
        }
    }

    private GaloisField() {}

    static int multiply(int a, int b) {
        return a == 0 || b == 0 ? 0 : EXP[LOG[a] + LOG[b]];
    }

    /** @param a not 0 */
    static int inverse(int a) {
        if (a == 0) {
            throw new ArithmeticException("0 has no inverse");
        }
        return EXP[ORDER - LOG[a]];
    }

    /** Inverts a square matrix by elimination. Destroys the matrix, which must be invertible. */
    static int[][] invert(int[][] matrix) {
        int size = matrix.length;
        int[][] result = new int[size][size];
        for (int i = 0; i < size; i++) {
            result[i][i] = 1;
        }
        for (int column = 0; column < size; column++) {
            int pivot = column;
            while (matrix[pivot][column] == 0) {
                pivot++;
            }
            swap(matrix, pivot, column);
            swap(result, pivot, column);
            int factor = inverse(matrix[column][column]);
            scale(matrix[column], factor);
            scale(result[column], factor);
            for (int row = 0; row < size; row++) {
                int times = matrix[row][column];
                if (row != column && times != 0) {
                    addScaled(matrix[row], matrix[column], times);
                    addScaled(result[row], result[column], times);
                }
            }
        }
        return result;
    }

    private static void swap(int[][] rows, int a, int b) {
        int[] row = rows[a];
        rows[a] = rows[b];
        rows[b] = row;
    }

    private static void scale(int[] row, int factor) {
        for (int i = 0; i < row.length; i++) {
            row[i] = multiply(row[i], factor);
        }
    }

    private static void addScaled(int[] row, int[] other, int factor) {
        for (int i = 0; i < row.length; i++) {
            row[i] ^= multiply(other[i], factor);
        }
    }
}
