package io.varve.tools;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long to wait for the writer lock. */
final class WaitOption {
    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "How long to wait for another writer of the repository. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    Duration patience() {
        return Duration.ofSeconds(seconds);
    }
}
