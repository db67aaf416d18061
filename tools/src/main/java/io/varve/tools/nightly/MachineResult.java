package io.varve.tools.nightly;

import io.varve.store.snapshot.Snapshot;
import io.varve.tools.output.ExitCode;
import java.util.List;
import java.util.Optional;

/**
 * What came of a machine.
 *
 * @param code empty when it was not started
 * @param error why it failed
 * @param snapshot that was committed
 */
record MachineResult(
        String machine,
        Optional<ExitCode> code,
        Optional<String> error,
        Optional<Snapshot> snapshot,
        List<String> warnings,
        long millis) {
    static MachineResult notStarted(String machine) {
        return new MachineResult(machine, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), 0);
    }

    /** Whether a snapshot of tonight exists; retention rests on it. */
    boolean isBackedUp() {
        return snapshot.isPresent();
    }

    boolean hasFailed() {
        return code.isPresent() && snapshot.isEmpty();
    }
}
