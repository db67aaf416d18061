package io.varve.tools.manual;

import java.util.List;
import java.util.Locale;

/** A page in the man macros of roff, line by line. */
final class Roff {
    private static final int WIDTH = 79; // of a line of the source

    private final StringBuilder page = new StringBuilder();

    /** @param date as in 2026-11-29 */
    Roff(String name, String date, String source) {
        page.append(".TH ").append(word(name.toUpperCase(Locale.ROOT))).append(" 1 ");
        page.append('"')
                .append(date)
                .append("\" ")
                .append(word(source))
                .append(' ')
                .append(word("Varve Manual"))
                .append('\n');
        page.append(".nh\n.ad l\n");
    }

    /** What a roff program shows as this text; may stand within a line. */
    static String text(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> shown.append("\\e");
                case '-' -> shown.append("\\-");
                case '\'' -> shown.append("\\(aq");
                case '`' -> shown.append("\\(ga");
                case '^' -> shown.append("\\(ha");
                case '~' -> shown.append("\\(ti");
                default -> {
                    if (c > '~') {
                        shown.append(String.format(Locale.ROOT, "\\[u%04X]", c));
                    } else {
                        shown.appendCodePoint(c);
                    }
                }
            }
        });
        return shown.toString();
    }

    static String bold(String text) {
        return "\\fB" + text(text) + "\\fR";
    }

    static String italic(String text) {
        return "\\fI" + text(text) + "\\fR";
    }

    private static String word(String text) {
        return '"' + text(text).replace("\"", "\\(dq") + '"';
    }

    void section(String title) {
        page.append(".SH ").append(word(title)).append('\n');
    }

    /** Text that is already roff, as one line; a blank line begins a new paragraph. */
    void line(String roff) {
        if (roff.isBlank()) {
            page.append(".PP\n");
        } else {
            StringBuilder line = new StringBuilder();
            for (String word : roff.split(" +")) {
                if (line.length() > 0 && line.length() + word.length() >= WIDTH) {
                    page.append(line).append('\n');
                    line.setLength(0);
                }
                boolean request = word.startsWith(".") || word.startsWith("'");
                line.append(line.length() > 0 ? " " : request ? "\\&" : "").append(word);
            }
            page.append(line).append('\n');
        }
    }

    /** A term, and what it means. */
    void entry(String roffTerm, String roff) {
        page.append(".TP\n").append(roffTerm).append('\n');
        line(roff.isBlank() ? "\\&" : roff);
    }

    /** Lines as they are. */
    void example(List<String> lines) {
        page.append(afterTitle() ? "" : ".PP\n").append(".nf\n");
        lines.forEach(line ->
                page.append(line.isEmpty() ? "" : "\\&").append(text(line)).append('\n'));
        page.append(".fi\n");
    }

    private boolean afterTitle() {
        int line = page.lastIndexOf("\n", page.length() - 2) + 1;
        return page.substring(line).startsWith(".SH");
    }

    /**
     * Text as it is written for a terminal: paragraphs, and indented lines that stay as they are.
     *
     * @param indent of what counts as indented
     */
    void prose(List<String> lines, int indent) {
        int next = 0;
        boolean begun = false;
        while (next < lines.size()) {
            if (lines.get(next).isBlank()) {
                next++;
                continue;
            }
            int end = next;
            boolean indented = lines.get(next).startsWith(" ".repeat(indent));
            while (end < lines.size()
                    && (indented || !lines.get(end).isBlank())
                    && (lines.get(end).isBlank() || lines.get(end).startsWith(" ".repeat(indent)) == indented)) {
                end++;
            }
            int last = end;
            while (lines.get(last - 1).isBlank()) {
                last--;
            }
            List<String> block = lines.subList(next, last);
            if (indented) {
                example(block.stream()
                        .map(line -> line.isBlank() ? "" : line.substring(indent))
                        .toList());
            } else {
                if (begun) {
                    page.append(".PP\n");
                }
                block.forEach(line -> line(text(line)));
            }
            begun = true;
            next = end;
        }
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
