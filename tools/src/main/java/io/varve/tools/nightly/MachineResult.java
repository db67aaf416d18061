package io.varve.tools.nightly;

import io.varve.store.job.Warning;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.output.ExitCode;
import java.util.List;
import java.util.Optional;

/**
 * The result of a machine.
 *
 * @param code empty if it was not started
 * @param error why it failed
 * @param snapshot the committed snapshot
 */
record MachineResult(
        String machine,
        Optional<ExitCode> code,
        Optional<String> error,
        Optional<Snapshot> snapshot,
        List<Warning> warnings,
        long millis) {
    static MachineResult notStarted(String machine) {
        return new MachineResult(machine, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), 0);
    }

    /** Whether there is a snapshot of tonight, which retention requires. */
    boolean isBackedUp() {
        return snapshot.isPresent();
    }

    boolean hasFailed() {
        return code.isPresent() && snapshot.isEmpty();
    }
}
