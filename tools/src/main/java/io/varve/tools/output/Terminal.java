package io.varve.tools.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi;

/** Whether a person reads standard error. Java can only tell of all three streams together. */
final class Terminal {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private Terminal() {}

    /** Whether a line there can be drawn again. */
    static boolean isThere() {
        return isThere(System.getenv(), standardError());
    }

    /** Whether words there may be bold or coloured. */
    static boolean hasColours() {
        return hasColours(System.getenv(), isThere());
    }

    /** @param file what standard error is; empty where the system does not tell */
    static boolean isThere(Map<String, String> environment, Optional<Path> file) {
        if (environment.getOrDefault("TERM", "").equals("dumb")) {
            return false;
        }
        return file.map(path -> path.startsWith("/dev/pts") || path.toString().matches("/dev/(tty.*|console)"))
                .orElseGet(Ansi.AUTO::enabled);
    }

    /** {@code NO_COLOR} counts whatever it says, unless it is empty (no-color.org). */
    static boolean hasColours(Map<String, String> environment, boolean terminal) {
        return terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    private static Optional<Path> standardError() {
        try {
            return Optional.of(Files.readSymbolicLink(STANDARD_ERROR));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty(); // not Linux
        }
    }
}
