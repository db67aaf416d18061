package io.varve.tools.nightly;

import io.varve.store.fault.Count;
import io.varve.store.job.NightRecord;
import io.varve.store.job.Warning;
import io.varve.tools.output.ExitCode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The result of a night.
 *
 * @param machines results of the machines, in the order of the plan
 * @param code the worst result of all machines and steps
 * @param error why the night as a whole failed; empty for one that went to its end
 */
record NightOutcome(
        String job,
        Instant startedAt,
        Instant endedAt,
        List<MachineResult> machines,
        List<NightRecord.Step> steps,
        List<Warning> warnings,
        ExitCode code,
        Optional<String> error) {
    /** Returns the outcome of a night that could not begin, or that broke off as a whole. */
    static NightOutcome broken(
            String job, Instant startedAt, Instant endedAt, String error, List<Warning> warnings, ExitCode code) {
        return new NightOutcome(job, startedAt, endedAt, List.of(), List.of(), warnings, code, Optional.of(error));
    }

    List<MachineResult> failed() {
        return machines.stream().filter(MachineResult::hasFailed).toList();
    }

    List<MachineResult> notStarted() {
        return machines.stream().filter(machine -> machine.code().isEmpty()).toList();
    }

    /** Returns a summary in one line: {@code 38 of 40 machines backed up, 1 failed, 1 not started}. */
    String summary() {
        if (error.isPresent()) {
            return "no backups: " + error.get();
        }
        long done = machines.stream().filter(MachineResult::isBackedUp).count();
        int failed = failed().size();
        int notStarted = notStarted().size();
        return done + " of " + Count.of(machines.size(), "machine") + " backed up"
                + (failed == 0 ? "" : ", " + failed + " failed")
                + (notStarted == 0 ? "" : ", " + notStarted + " not started");
    }
}
