package io.varve.tools.output;

import java.util.List;

/**
 * One disk or phase as a row of text: name, percentage, bar, amount, rate, remaining time. The rows of a board have the
 * same columns, so nothing moves when a number gets longer. A narrow terminal loses the bar first, then the percentage.
 *
 * @param percent 0 to 100
 * @param rate empty if unknown
 * @param remaining empty if unknown
 */
record ProgressRow(String name, int percent, String amount, String rate, String remaining) {
    private static final int PERCENT = 4; // "100%"
    private static final int AMOUNT = 19; // "999.9 of 999.9 GiB"
    private static final int RATE = 11; // "999.9 MiB/s"
    private static final int REMAINING = 16; // "23 h 59 min left"
    private static final int NARROW = 72;
    private static final int MOST_NAME = 32;
    private static final int LEAST_BAR = 8;
    private static final int MOST_BAR = 50;

    /** For logs. */
    String line() {
        return name + ": " + percent + "%, " + amount + (rate.isEmpty() ? "" : ", " + rate)
                + (remaining.isEmpty() ? "" : ", " + remaining);
    }

    /** @param columns that a row may take */
    static List<String> rows(List<ProgressRow> rows, int columns) {
        int widest = rows.stream().mapToInt(row -> width(row.name)).max().orElse(0);
        boolean narrow = columns < NARROW;
        int gap = narrow ? 1 : 2;
        int fixed = (narrow ? 0 : gap + PERCENT) + gap + AMOUNT + gap + RATE + gap + REMAINING;
        int name = Math.max(1, Math.min(Math.min(widest, MOST_NAME), columns - fixed));
        int spare = columns - fixed - name - 3; // of the bar: a space and two brackets
        int bar = narrow || spare < LEAST_BAR ? 0 : Math.min(spare, MOST_BAR);
        return rows.stream().map(row -> row.text(name, gap, narrow, bar)).toList();
    }

    private String text(int nameWidth, int gap, boolean narrow, int bar) {
        String space = " ".repeat(gap);
        StringBuilder text = new StringBuilder(cut(name, nameWidth));
        if (!narrow) {
            text.append(space).append(right(percent + "%", PERCENT));
        }
        if (bar > 0) {
            int full = percent * bar / 100;
            String head = full == bar ? "" : ">";
            text.append(" [").append("=".repeat(full)).append(head);
            text.append(" ".repeat(bar - full - head.length())).append(']');
        }
        text.append(space).append(right(amount, AMOUNT));
        text.append(space).append(right(rate, RATE));
        text.append(space).append(remaining);
        return text.toString().stripTrailing();
    }

    private static String right(String text, int width) {
        return " ".repeat(Math.max(0, width - text.length())) + text;
    }

    /** The text in exactly this many columns. */
    private static String cut(String text, int columns) {
        int width = width(text);
        if (width <= columns) {
            return text + " ".repeat(columns - width);
        }
        StringBuilder cut = new StringBuilder();
        int taken = 0;
        for (int c : text.codePoints().toArray()) {
            if (taken + width(c) > columns - 1) {
                break;
            }
            cut.appendCodePoint(c);
            taken += width(c);
        }
        return cut + "…" + " ".repeat(columns - 1 - taken);
    }

    /** Columns that a text takes on a terminal. */
    static int width(String text) {
        return text.codePoints().map(ProgressRow::width).sum();
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = Character.isIdeographic(c)
                || c >= 0x1100 && c <= 0x115F // Hangul
                || c >= 0x2E80 && c <= 0x303E // CJK punctuation
                || c >= 0x3041 && c <= 0x33FF // kana
                || c >= 0xAC00 && c <= 0xD7A3 // Hangul syllables
                || c >= 0xFF00 && c <= 0xFF60 // full-width forms
                || c >= 0x1F300 && c <= 0x1FAFF; // pictographs
        return wide ? 2 : 1;
    }

    /** Remaining time in its two largest units: {@code 2 h 10 min left}. */
    static String left(long seconds) {
        if (seconds < 60) {
            return seconds + " s left";
        }
        if (seconds < 600) {
            return seconds / 60 + " min " + seconds % 60 + " s left";
        }
        long minutes = (seconds + 59) / 60;
        if (minutes < 60) {
            return minutes + " min left";
        }
        if (minutes < 24 * 60) {
            return minutes / 60 + " h " + minutes % 60 + " min left";
        }
        long days = minutes / (24 * 60);
        return days > 99 ? "over 99 d left" : days + " d " + minutes / 60 % 24 + " h left";
    }
}
