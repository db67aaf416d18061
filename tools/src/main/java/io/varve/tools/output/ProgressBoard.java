package io.varve.tools.output;

import io.varve.tools.document.DocumentWriter;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Everything that is in progress, on standard error: on a terminal one row each, in the last lines of the screen;
 * elsewhere lines of text or JSON. A daemon thread refreshes it while something runs.
 *
 * <p>Each refresh is one write that overwrites the rows in place and erases only what is left over, so nothing flickers
 * and no part of an older row stays. Rows do not wrap, even if the terminal has become narrower since. Ctrl-C keeps its
 * meaning, because no terminal library takes over the process's signals.
 *
 * <p>Thread-safe. Its lock is taken after that of an {@link Output}, never before.
 */
final class ProgressBoard {
    /** No more rows than fit on a small screen: rows that scrolled off could not be overwritten. */
    static final int MOST_ROWS = 8;

    private static final int USUAL_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;
    private static final long SECOND = 1_000_000_000L;
    private static final long LINE_NANOS = 60 * SECOND;
    private static final long BAR_MILLIS = 250;
    private static final long LINE_MILLIS = 1000;

    private static final String NO_WRAP = "\u001B[?7l";
    private static final String WRAP = "\u001B[?7h";
    private static final String ERASE_REST_OF_LINE = "\u001B[K";
    private static final String ERASE_BELOW = "\u001B[J";

    private final PrintWriter terminal;
    private final int columns;
    private final LongSupplier clock;
    private final boolean refreshes;
    private final List<Progress> running = new ArrayList<>();
    private ProgressMode mode = ProgressMode.NONE;
    private String command = "";
    private int drawn; // rows on the terminal
    private Thread refresher;

    ProgressBoard(PrintWriter terminal) {
        this(terminal, columns(System.getenv()), System::nanoTime, true);
    }

    /**
     * @param columns of the terminal
     * @param clock in nanoseconds
     * @param refreshes false if only calls of {@link #refresh} do
     */
    ProgressBoard(PrintWriter terminal, int columns, LongSupplier clock, boolean refreshes) {
        this.terminal = terminal;
        this.columns = columns;
        this.clock = clock;
        this.refreshes = refreshes;
    }

    /** As the launcher found out, or the shell says. */
    static int columns(Map<String, String> environment) {
        try {
            int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
            return columns >= LEAST_COLUMNS ? columns : USUAL_COLUMNS;
        } catch (NumberFormatException e) {
            return USUAL_COLUMNS;
        }
    }

    /**
     * @param mode not AUTO
     * @param command for JSON lines
     */
    synchronized void show(ProgressMode mode, String command) {
        this.mode = mode;
        this.command = command;
    }

    long now() {
        return clock.getAsLong();
    }

    synchronized void begin(Progress progress) {
        if (mode == ProgressMode.NONE || progress.isEmpty()) {
            return;
        }
        progress.dueAfter(mode == ProgressMode.JSON ? SECOND : LINE_NANOS);
        running.add(progress);
        if (refresher == null && refreshes) {
            refresher = new Thread(this::refreshLoop, "varve-progress");
            refresher.setDaemon(true);
            refresher.start();
        }
    }

    synchronized void end(Progress progress) {
        if (!running.remove(progress)) {
            return;
        }
        if (mode == ProgressMode.JSON) {
            line(progress, true);
        } else if (drawn > 0) {
            draw("");
        }
    }

    private synchronized void refreshLoop() {
        long period = mode == ProgressMode.LINES ? LINE_MILLIS : BAR_MILLIS;
        try {
            while (!running.isEmpty()) {
                wait(period);
                refresh();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it; without refreshes the command still runs.
        } finally {
            refresher = null;
        }
    }

    /** Shows how far everything is by now. */
    synchronized void refresh() {
        switch (mode) {
            case BAR -> {
                if (!running.isEmpty()) {
                    draw("");
                }
            }
            case LINES ->
                running.stream().filter(Progress::isDue).forEach(progress -> {
                    terminal.println(progress.row().line());
                    terminal.flush();
                    progress.dueAfter(LINE_NANOS);
                });
            case JSON -> running.stream().filter(Progress::isDue).forEach(progress -> line(progress, false));
            default -> {}
        }
    }

    private void line(Progress progress, boolean last) {
        terminal.println(DocumentWriter.line(progress.document(command, last)));
        terminal.flush();
        progress.dueAfter(SECOND);
    }

    /** Prints a text with its line end to the terminal or another place, above the rows. */
    synchronized void above(PrintWriter to, String text) {
        if (drawn == 0) {
            to.println(text);
            to.flush();
        } else if (to == terminal) {
            draw(text);
        } else { // which may be the same terminal
            terminal.print(toFirstRow() + ERASE_BELOW);
            terminal.flush();
            drawn = 0;
            to.println(text);
            to.flush();
            draw("");
        }
    }

    private String toFirstRow() {
        return drawn > 1 ? "\r\u001B[" + (drawn - 1) + "A" : "\r";
    }

    /** Writes a message, if any, over the rows on the terminal, and below it the rows as they are now. */
    private void draw(String message) {
        StringBuilder frame = new StringBuilder(toFirstRow());
        message.lines().forEach(line -> frame.append(line).append(ERASE_REST_OF_LINE + "\r\n"));
        List<String> rows = rows();
        frame.append(NO_WRAP);
        for (int i = 0; i < rows.size(); i++) {
            frame.append(i == 0 ? "" : "\r\n").append(rows.get(i)).append(ERASE_REST_OF_LINE);
        }
        // After the last row everything older is erased; there is nothing to the right of the cursor but old text.
        frame.append(ERASE_BELOW).append(WRAP);
        terminal.print(frame);
        terminal.flush();
        drawn = rows.size();
    }

    private List<String> rows() {
        int shown = running.size() > MOST_ROWS ? MOST_ROWS - 1 : running.size();
        List<ProgressRow> rows =
                running.subList(0, shown).stream().map(Progress::row).toList();
        // One column less: after the last one a terminal may go to the next line.
        List<String> text = new ArrayList<>(ProgressRow.rows(rows, columns - 1));
        if (shown < running.size()) {
            text.add("and " + (running.size() - shown) + " more");
        }
        return text;
    }
}
