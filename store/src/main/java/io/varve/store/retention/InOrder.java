package io.varve.store.retention;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Finds the elements of a sequence that are in order. */
final class InOrder {
    private InOrder() {}

    /**
     * Says for each of {@code times} whether it fits the sequence. An element fits if it belongs to the longest
     * non-decreasing subsequence, since then the fewest elements count as wrong. If there are several longest
     * subsequences, only elements of all of them fit.
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

    /** Returns for each position the length of the longest non-decreasing subsequence that ends there. */
    private static <T> int[] longestUpTo(List<T> row, Comparator<T> order) {
        List<T> ends = new ArrayList<>(); // ends.get(n): the smallest last element of a subsequence of length n + 1
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
