package io.varve.tools.nightly;

import io.varve.tools.output.ExitCode;
import java.util.List;

/** Finds the worst of several results, which is that of the night. */
final class Worst {
    /** From the best to the worst. */
    private static final List<ExitCode> ORDER = List.of(
            ExitCode.DONE,
            ExitCode.WARNINGS,
            ExitCode.SOURCE_NOT_CLEAN,
            ExitCode.BUSY,
            ExitCode.USAGE,
            ExitCode.REFUSED,
            ExitCode.SOURCE_FAILED,
            ExitCode.LOCKED,
            ExitCode.TARGET_FAILED,
            ExitCode.UNKNOWN,
            ExitCode.REPOSITORY_DAMAGED,
            ExitCode.INTERNAL,
            ExitCode.HUNG_UP,
            ExitCode.STOPPED,
            ExitCode.TERMINATED);

    private Worst() {}

    static ExitCode of(ExitCode one, ExitCode other) {
        return ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;
    }
}
