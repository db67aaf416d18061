package io.varve.tools.report;

import java.util.List;

/** Statistics that single odd nights do not move. */
final class Robust {
    /** Makes the median absolute deviation comparable to a standard deviation, for values that are normal. */
    private static final double SCALE = 1.4826;

    private Robust() {}

    /** Of at least one value. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** How far values usually lie from {@code median}. */
    static double deviation(List<Double> values, double median) {
        return SCALE
                * median(values.stream().map(value -> Math.abs(value - median)).toList());
    }
}
