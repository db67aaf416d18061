package io.varve.tools.option;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Options that may be given before the command as well as after it. */
public final class LeadingOptions {
    /** Name of the mixin in the program. */
    public static final String MIXIN = "leading";

    @Option(
            names = {"-r", "--repo"},
            paramLabel = "REPO",
            description = "The repository: a directory, s3://BUCKET/PREFIX, or @NAME from a configuration file. May"
                    + " stand before or after the command. Default: VARVE_REPO.")
    private String repository;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only warnings, errors and what was asked for.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Also print where settings come from, and the causes of an error.")
    private boolean verbose;

    /** Returns the options given before the command with this model. */
    static LeadingOptions of(CommandSpec spec) {
        CommandSpec mixin = spec.root().mixins().get(MIXIN);
        return mixin == null ? new LeadingOptions() : (LeadingOptions) mixin.userObject();
    }

    /** Returns the repository given before the command, or null. */
    String repository() {
        return repository;
    }

    boolean isQuiet() {
        return quiet;
    }

    boolean isVerbose() {
        return verbose;
    }
}
