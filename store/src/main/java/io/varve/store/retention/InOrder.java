package io.varve.store.retention;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Tells which of a row of times fit their place in it. */
final class InOrder {
    private InOrder() {}

    /**
     * For each of {@code times} whether it is right as far as the row tells: the fewest times are wrong if those are
     * left out that are not in the longest part in which none is earlier than the one before. Where several parts are
     * the longest, only what is in all of them fits.
     */
    static <T extends Comparable<T>> List<Boolean> fitting(List<T> times) {
        int[] upTo = longestUpTo(times, Comparator.naturalOrder());
        List<T> backwards = new ArrayList<>(times);
        Collections.reverse(backwards);
        int[] from = longestUpTo(backwards, Comparator.reverseOrder());
        int size = times.size();
        int longest = 0;
        for (int length : upTo) {
            longest = Math.max(longest, length);
        }
        int[] alternatives = new int[longest + 1];
        for (int i = 0; i < size; i++) {
            if (upTo[i] + from[size - 1 - i] - 1 == longest) {
                alternatives[upTo[i]]++;
            }
        }
        List<Boolean> fitting = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            fitting.add(upTo[i] + from[size - 1 - i] - 1 == longest && alternatives[upTo[i]] == 1);
        }
        return fitting;
    }

    /** For each place the length of the longest ordered part that ends there. */
    private static <T> int[] longestUpTo(List<T> row, Comparator<T> order) {
        List<T> ends = new ArrayList<>(); // ends.get(n): the least with which a part of n + 1 ends
        int[] lengths = new int[row.size()];
        for (int i = 0; i < row.size(); i++) {
            int low = 0;
            int high = ends.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (order.compare(ends.get(middle), row.get(i)) <= 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            lengths[i] = low + 1;
            if (low == ends.size()) {
                ends.add(row.get(i));
            } else {
                ends.set(low, row.get(i));
            }
        }
        return lengths;
    }
}
