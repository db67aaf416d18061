package io.varve.tools.output;

import picocli.CommandLine.Help.Ansi;

/** What standard input, output and error are connected to. */
final class Terminal {
    private Terminal() {}

    /** Whether they are a terminal that can move its cursor. {@code NO_COLOR} is about colours and changes nothing. */
    static boolean isThere() {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return Ansi.AUTO.enabled(); // which knows the consoles that understand escape sequences
        }
        String kind = System.getenv("TERM");
        return System.console() != null && kind != null && !kind.equals("dumb");
    }
}
