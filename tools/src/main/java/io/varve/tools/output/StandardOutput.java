package io.varve.tools.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where results go. */
public final class StandardOutput {
    private static final Path DESCRIPTOR = Path.of("/dev/fd/1");
    private static final int TYPE = 0xF000;
    private static final int PIPE = 0x1000;

    private StandardOutput() {}

    /** Whether standard output is a pipe. A reader such as {@code head} may close it early, which is not an error. */
    public static boolean isPipe() {
        try {
            return Files.getAttribute(DESCRIPTOR, "unix:mode") instanceof Integer mode && (mode & TYPE) == PIPE;
        } catch (IOException | RuntimeException e) {
            return false; // closed, or unknown on this system
        }
    }
}
