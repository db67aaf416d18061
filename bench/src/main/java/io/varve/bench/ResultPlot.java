package io.varve.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Figures as an SVG picture: one panel per benchmark method, one bar per set of parameters, a whisker for the error.
 * Bars are MB/s where operations have a size, so that sizes can be compared, and the score elsewhere. Each panel has a
 * scale of its own, from zero. A whisker without an end goes on: the error is larger than the figure.
 */
final class ResultPlot {
    private static final int WIDTH = 1100;
    private static final int MARGIN = 20;
    private static final int LABELS = 430;
    private static final int BARS = 430;
    private static final int ROW = 20;
    private static final int TITLE = 34;

    private final StringBuilder body = new StringBuilder();
    private int y = MARGIN;

    private ResultPlot() {}

    static String svg(List<Figure> figures) {
        Map<String, List<Figure>> methods = group(figures, Figure::name);
        // A panel of one bar says nothing: where a class has one per method, they share a panel.
        Map<String, List<Figure>> panels = group(figures, figure -> {
            String type = figure.name().substring(0, figure.name().indexOf('.'));
            boolean single = methods.values().stream()
                    .filter(bars -> bars.get(0).name().startsWith(type + "."))
                    .allMatch(bars -> bars.size() == 1);
            return single ? type : figure.name();
        });
        ResultPlot plot = new ResultPlot();
        panels.forEach(plot::panel);
        int height = plot.y + MARGIN;
        return String.format(
                        Locale.ROOT,
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                                + " font-family=\"sans-serif\" font-size=\"12\">%n",
                        WIDTH,
                        height,
                        WIDTH,
                        height)
                + "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n" + plot.body + "</svg>\n";
    }

    private static Map<String, List<Figure>> group(List<Figure> figures, Function<Figure, String> key) {
        return figures.stream().collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()));
    }

    private void panel(String name, List<Figure> figures) {
        Figure first = figures.get(0);
        boolean bytes = !Double.isNaN(first.megabytesPerSecond());
        String unit = bytes ? "MB/s" : first.unit();
        boolean rate = bytes || unit.startsWith("ops/");
        String title = name + "   (" + unit + (rate ? ", longer is better)" : ", shorter is better)");
        y += TITLE;
        text(MARGIN, y - 10, "start", " font-weight=\"bold\" font-size=\"14\"", title);
        double most = figures.stream().mapToDouble(ResultPlot::reach).max().orElse(1);
        for (Figure figure : figures) {
            bar(figure, most, label(name, figure));
            y += ROW;
        }
    }

    private static String label(String panel, Figure figure) {
        String method = panel.equals(figure.name()) ? "" : figure.name().substring(panel.length() + 1);
        return (method + "  " + figure.parametersText()).strip();
    }

    private static double value(Figure figure) {
        return Double.isNaN(figure.megabytesPerSecond()) ? figure.score() : figure.megabytesPerSecond();
    }

    /** In the unit of {@link #value}, of which it is the same part as of the score. */
    private static double error(Figure figure) {
        return value(figure) * figure.error() / figure.score();
    }

    private static double reach(Figure figure) {
        double value = value(figure);
        return Double.isNaN(figure.error()) ? value : value + Math.min(error(figure), value);
    }

    private void bar(Figure figure, double most, String label) {
        double scale = BARS / most;
        double length = value(figure) * scale;
        int left = MARGIN + LABELS;
        int middle = y + ROW / 2;
        text(left - 8, middle + 4, "end", "", label);
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"#7aa6c2\"/>%n",
                left,
                y + 3,
                length,
                ROW - 6));
        if (!Double.isNaN(figure.error())) {
            double to = left + reach(figure) * scale;
            boolean whole = error(figure) <= value(figure);
            double from = whole ? 2 * (left + length) - to : left;
            body.append(String.format(
                    Locale.ROOT,
                    "<path d=\"M%.1f %d H%.1f%s\" stroke=\"#222\" fill=\"none\"/>%n",
                    from,
                    middle,
                    to,
                    whole ? end(from, middle) + end(to, middle) : ""));
        }
        text(
                left + BARS + 8,
                middle + 4,
                "start",
                "",
                ResultTable.number(value(figure)) + " ± " + ResultTable.number(error(figure)));
    }

    private static String end(double x, int middle) {
        return String.format(Locale.ROOT, " M%.1f %d v8", x, middle - 4);
    }

    private void text(int x, int baseline, String anchor, String style, String words) {
        String escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        body.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\"%s xml:space=\"preserve\">%s</text>%n",
                x,
                baseline,
                anchor,
                style,
                escaped));
    }
}
