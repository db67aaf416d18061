package io.varve.tools.output;

import java.io.PrintWriter;
import java.util.Map;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * The last line of a terminal, on which progress is drawn over and over. Whatever else is written goes above it.
 *
 * <p>Progress bars get this instead of a terminal of their library's, which takes over the process's signals: Ctrl-C
 * then ended the JVM without any clean-up. Synchronized with the output it belongs to.
 */
final class StatusLine implements ProgressBarConsumer {
    private static final int USUAL_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;
    private static final String ERASE = "\r\u001B[K";

    private final PrintWriter terminal;
    private final int columns;
    private boolean shown;

    StatusLine(PrintWriter terminal) {
        this(terminal, columns(System.getenv()));
    }

    StatusLine(PrintWriter terminal, int columns) {
        this.terminal = terminal;
        this.columns = columns;
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

    @Override
    public int getMaxRenderedLength() {
        return columns - 1; // a terminal goes to the next line after the last column
    }

    @Override
    public synchronized void accept(String text) {
        terminal.print(ERASE + text);
        terminal.flush();
        shown = true;
    }

    /** Makes room for something else; the next update draws the line again below it. */
    @Override
    public synchronized void clear() {
        if (shown) {
            terminal.print(ERASE);
            terminal.flush();
            shown = false;
        }
    }

    @Override
    public void close() {
        clear();
    }
}
