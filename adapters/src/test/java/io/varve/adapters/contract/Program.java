package io.varve.adapters.contract;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a program of this system as an independent judge. */
public final class Program {
    private Program() {}

    /**
     * @param exitCode -1 when there is no such program
     * @param output both streams
     */
    public record Result(int exitCode, String output) {}

    public static Result run(String... command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            return new Result(-1, command[0] + " is not installed");
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Result(process.waitFor(), output);
        } catch (InterruptedException e) {
            process.destroy();
            throw new IOException("interrupted while waiting for " + command[0], e);
        }
    }
}
