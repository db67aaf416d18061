package io.varve.tools.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** A terminal for tests: counts writes, and holds what would be on its screen. */
public final class Screen {
    private final StringWriter text = new StringWriter();
    final List<String> writes = new ArrayList<>();
    final PrintWriter writer = new PrintWriter(text) {
        @Override
        public void flush() {
            writes.add(text.toString());
            text.getBuffer().setLength(0);
        }
    };
    private final List<StringBuilder> rows = new ArrayList<>(List.of(new StringBuilder()));
    private int row;
    private int column;

    /** Writes {@code text}, and returns what is on the screen then. */
    public List<String> showing(String text) {
        writes.add(text);
        return shown();
    }

    /** What is on the screen after all that was written, without empty lines at the end. */
    List<String> shown() {
        for (String write : writes) {
            draw(write);
        }
        writes.clear();
        List<String> lines =
                new ArrayList<>(rows.stream().map(StringBuilder::toString).toList());
        while (!lines.isEmpty() && lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private void draw(String write) {
        for (int i = 0; i < write.length(); i++) {
            char c = write.charAt(i);
            if (c == '\r') {
                column = 0;
            } else if (c == '\n') {
                row++;
                column = 0;
                if (row == rows.size()) {
                    rows.add(new StringBuilder());
                }
            } else if (c == '\u001B') {
                int end = i + 2;
                while (!Character.isLetter(write.charAt(end))) {
                    end++;
                }
                escape(write.substring(i + 2, end), write.charAt(end));
                i = end;
            } else {
                StringBuilder line = rows.get(row);
                line.append(" ".repeat(Math.max(0, column + 1 - line.length())));
                line.setCharAt(column++, c);
            }
        }
    }

    private void escape(String argument, char command) {
        switch (command) {
            case 'A' -> row -= Integer.parseInt(argument);
            case 'K' -> eraseRest();
            case 'J' -> {
                eraseRest();
                rows.subList(row + 1, rows.size()).clear();
            }
            case 'l', 'h' -> assertEquals("?7", argument);
            default -> throw new AssertionError("ESC [ " + argument + command);
        }
    }

    private void eraseRest() {
        rows.get(row).setLength(Math.min(column, rows.get(row).length()));
    }
}
