package io.varve.tools.output;

/** How a command shows on standard error how far it is. */
public enum ProgressMode {
    /** {@link #BAR} on a terminal, otherwise {@link #LINES}; {@link #NONE} with {@code --json}. */
    AUTO,
    /** One line per disk or phase, redrawn in place. */
    BAR,
    /** One plain line per disk or phase and minute, for logs. */
    LINES,
    /** JSON lines: at most one per disk or phase and second, and a last one. */
    JSON,
    NONE
}
