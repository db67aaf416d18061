package io.varve.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Figures as a Markdown table that is aligned as plain text, too. */
final class ResultTable {
    private static final String[] HEADING = {"benchmark", "parameters", "score", "± error", "unit", "MB/s", "MB/CPU-s"};
    private static final int FIRST_NUMBER = 2;

    private ResultTable() {}

    static String markdown(List<Figure> figures) {
        List<String[]> rows = new ArrayList<>();
        rows.add(HEADING);
        for (Figure figure : figures) {
            rows.add(new String[] {
                figure.name(),
                figure.parametersText(),
                number(figure.score()),
                number(figure.error()),
                figure.unit(),
                number(figure.megabytesPerSecond()),
                number(figure.megabytesPerCpuSecond())
            });
        }
        int[] widths = new int[HEADING.length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < rows.size(); row++) {
            line(text, rows.get(row), widths);
            if (row == 0) {
                rule(text, widths);
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String[] row, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row[i].length());
            boolean right = isNumber(i);
            text.append("| ").append(right ? padding : "").append(row[i]);
            text.append(right ? "" : padding).append(' ');
        }
        text.append("|\n");
    }

    private static void rule(StringBuilder text, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            text.append("| ").append("-".repeat(widths[i] - 1)).append(isNumber(i) ? ": " : "- ");
        }
        text.append("|\n");
    }

    private static boolean isNumber(int column) {
        return column >= FIRST_NUMBER && !HEADING[column].equals("unit");
    }

    /** Four significant digits, or whole; a dash for none. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        int digits = size >= 1000 || size == 0 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
