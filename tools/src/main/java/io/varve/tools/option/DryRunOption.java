package io.varve.tools.option;

import picocli.CommandLine.Option;

/** For commands that can show what they would do. */
public final class DryRunOption {
    @Option(
            names = {"-n", "--dry-run"},
            description = "Only show what would be done; write nothing.")
    private boolean given;

    public boolean given() {
        return given;
    }
}
