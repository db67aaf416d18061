package io.varve.tools.report;

import java.util.List;

/** Robust statistics, which single unusual nights do not affect. */
final class Robust {
    /** Scales the median absolute deviation to a standard deviation, for normally distributed values. */
    private static final double SCALE = 1.4826;

    private Robust() {}

    /** Returns the median of at least one value. */
    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** Returns the scaled median absolute deviation from {@code median}. */
    static double deviation(List<Double> values, double median) {
        return SCALE
                * median(values.stream().map(value -> Math.abs(value - median)).toList());
    }
}
