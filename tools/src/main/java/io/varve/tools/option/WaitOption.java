package io.varve.tools.option;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long to wait for the writer lock. */
public final class WaitOption {
    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "3600",
            description = "How long to wait for another writer of the repository. Default: ${DEFAULT-VALUE}.")
    private int seconds;

    public Duration patience() {
        return Duration.ofSeconds(seconds);
    }
}
