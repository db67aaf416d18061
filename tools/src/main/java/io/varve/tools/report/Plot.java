package io.varve.tools.report;

import java.util.List;
import java.util.Locale;

/** Small bar charts as SVG, which contain only numbers. */
final class Plot {
    private static final int WIDTH = 300;
    private static final int HEIGHT = 76;

    private Plot() {}

    /** A series of stacked bars, with the CSS class for its colour. */
    record Series(String style, List<Long> values) {}

    /** @param label text alternative, already escaped */
    static String bars(String label, List<Series> stacked) {
        int count = stacked.get(0).values().size();
        long most = 1;
        for (int i = 0; i < count; i++) {
            most = Math.max(most, sum(stacked, i));
        }
        StringBuilder svg = new StringBuilder("<svg viewBox=\"0 0 " + WIDTH + " " + HEIGHT
                + "\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"" + label + "\">");
        double step = (double) WIDTH / count;
        long[] below = new long[count];
        for (Series series : stacked) {
            StringBuilder path = new StringBuilder();
            for (int i = 0; i < count; i++) {
                long value = series.values().get(i);
                if (value > 0) {
                    double height = Math.max(1.5, (HEIGHT - 2.0) * value / most);
                    double top = HEIGHT - 1 - (HEIGHT - 2.0) * below[i] / most - height;
                    path.append(String.format(
                            Locale.ROOT, "M%.1f %.1fh%.1fv%.1fh-%.1fz", i * step + 1, top, step - 2, height, step - 2));
                    below[i] += value;
                }
            }
            svg.append("<path class=\"")
                    .append(series.style())
                    .append("\" d=\"")
                    .append(path)
                    .append("\"/>");
        }
        return svg.append("<path class=\"axis\" d=\"M0 " + (HEIGHT - 0.5) + "H" + WIDTH + "\"/></svg>")
                .toString();
    }

    private static long sum(List<Series> stacked, int i) {
        return stacked.stream().mapToLong(series -> series.values().get(i)).sum();
    }

    /** Returns a row of bars for a line of text; a negative value gives a short red bar. */
    static String spark(List<Long> values) {
        long most = Math.max(1, values.stream().mapToLong(value -> value).max().orElse(1));
        StringBuilder good = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (values.get(i) >= 0) {
                double height = 2 + 20.0 * values.get(i) / most;
                good.append(String.format(Locale.ROOT, "M%d %.0fh3v%.0fh-3z", i * 4, 22 - height, height));
            }
        }
        return "<svg class=\"spark\" viewBox=\"0 0 " + values.size() * 4
                + " 22\" aria-hidden=\"true\"><path class=\"b\"" + " d=\"" + good + "\"/></svg>";
    }
}
