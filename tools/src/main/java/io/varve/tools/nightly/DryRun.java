package io.varve.tools.nightly;

import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.fault.RefusedException;
import io.varve.tools.document.NightPlanDocument;
import io.varve.tools.document.PlannedMachineEntry;
import io.varve.tools.output.Output;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Shows what a night would do. Reads the repository and changes nothing. */
final class DryRun {
    private final NightPlan plan;
    private final JobFile job;
    private final Repository repository;
    private final Output output;

    DryRun(NightPlan plan, Repository repository, Output output) {
        this.plan = plan;
        this.job = plan.job();
        this.repository = repository;
        this.output = output;
    }

    void print() throws IOException {
        plan.warnings().forEach(output::warning);
        plan.failures().forEach(output::warning);
        output.line(
                "job %s: %s, %d at a time, into %s",
                job.name(), Count.of(plan.machines().size(), "machine"), job.parallel(), repository.location());
        plan.windowLeft()
                .ifPresent(left -> output.line(
                        "no machine would be started after %s, in %d:%02d",
                        job.window().get().until(), left.toHours(), left.toMinutesPart()));
        job.hooks().before().ifPresent(command -> output.line("hook before the night: %s", command));
        plan.machines().forEach(this::machine);
        retention();
        job.copy().ifPresent(copy -> output.line("copy to %s", copy.place().path()));
        job.gc()
                .ifPresent(gc -> output.line(
                        plan.collects() ? "gc: would run" : "gc: not due, it ran within %s",
                        gc.every().map(DryRun::days).orElse("")));
        job.fsck()
                .ifPresent(fsck -> output.line(
                        plan.checks() ? "fsck: would run%s" : "fsck: not due, it ran within %s",
                        plan.checks()
                                ? share(fsck)
                                : fsck.every().map(DryRun::days).orElse("")));
        job.proof()
                .ifPresent(proof -> output.line(
                        "restore proof: %s of a disk chosen at random",
                        proof.size().map(io.varve.tools.output.ByteSize::text).orElse("all")));
        job.hooks().after().ifPresent(command -> output.line("hook after the night: %s", command));
        if (!job.notices().isEmpty()) {
            output.line("notifications: %d", job.notices().size());
        }
        output.line("dry run: nothing was done");
        output.document(() -> new NightPlanDocument(
                true,
                job.name(),
                plan.machines().stream()
                        .map(machine -> new PlannedMachineEntry(
                                machine.name(), machine.origin().disks(), DryRun.machineId(machine.origin())))
                        .toList()));
    }

    private static Optional<String> machineId(Origin origin) {
        if (origin instanceof HyperVOrigin hyperV) {
            return Optional.of(hyperV.machine().id().toString());
        }
        return origin instanceof VssOrigin vss ? Optional.of(vss.machine().toString()) : Optional.empty();
    }

    private static String days(java.time.Duration every) {
        return every.toDays() > 0 ? every.toDays() + "d" : every.toHours() + "h";
    }

    private static String share(JobFile.Check check) {
        return check.readPercent().isPresent()
                ? ", and read " + check.readPercent().getAsDouble() + " % of the packs"
                : check.sinceLast() ? ", and read new packs" : "";
    }

    private void machine(PlannedMachine machine) {
        List<String> hooks = new ArrayList<>();
        machine.policy().hooks().before().ifPresent(command -> hooks.add("before"));
        machine.policy().hooks().freeze().ifPresent(command -> hooks.add("freeze and thaw"));
        machine.policy().hooks().after().ifPresent(command -> hooks.add("after"));
        output.line("machine %s%s", machine.name(), hooks.isEmpty() ? "" : ", hooks: " + String.join(", ", hooks));
        machine.origin().lines().forEach(line -> output.line("  %s", line));
        if (machine.origin() instanceof FailedOrigin failed) {
            output.warning("machine " + machine.name() + " would fail: " + failed.reason());
        }
    }

    private void retention() throws IOException {
        try {
            Retention.Verdicts verdicts = new Retention(repository, job.zone()).judge(plan.machines(), output);
            if (verdicts.verdicts().isEmpty()) {
                return;
            }
            long going = verdicts.verdicts().stream()
                    .filter(verdict -> !verdict.isKept())
                    .count();
            output.line(
                    "retention: %d of %s that exist now would be forgotten",
                    going, Count.of(verdicts.verdicts().size(), "snapshot"));
            verdicts.held().forEach(held -> output.line("  nothing of machine %s", held));
        } catch (RefusedException e) {
            output.warning(e.getMessage());
        }
    }
}
