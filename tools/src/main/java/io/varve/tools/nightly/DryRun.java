package io.varve.tools.nightly;

import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.fault.RefusedException;
import io.varve.tools.document.NightPlanDocument;
import io.varve.tools.document.PlannedMachineEntry;
import io.varve.tools.output.ByteSize;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.time.Duration;
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
        plan.warnings().forEach(text -> output.warning(WarningCode.JOB_MACHINES, text));
        plan.failures().forEach(text -> output.warning(WarningCode.WOULD_FAIL, text));
        output.line(
                "job %s: %s, %d at a time, into %s",
                job.name(), Count.of(plan.machines().size(), "machine"), job.parallel(), repository.location());
        plan.windowLeft()
                .ifPresent(left -> output.line(
                        "no machine would be started after %s, in %d:%02d",
                        job.window().get().until(), left.toHours(), left.toMinutesPart()));
        job.hooks().before().ifPresent(command -> output.line("hook before the night: %s", command));
        plan.machines().forEach(this::machine);
        List<String> steps = steps();
        steps.forEach(step -> output.line("%s", step));
        output.line("dry run: nothing was done");
        output.document(() -> new NightPlanDocument(
                true,
                job.name(),
                plan.machines().stream()
                        .map(machine -> new PlannedMachineEntry(
                                machine.name(), machine.origin().disks(), DryRun.machineId(machine.origin())))
                        .toList(),
                steps));
    }

    /** What follows the backups. */
    private List<String> steps() throws IOException {
        List<String> steps = new ArrayList<>(retention());
        job.copy().ifPresent(copy -> steps.add("copy to " + copy.place().where()));
        job.gc()
                .ifPresent(gc -> steps.add(
                        plan.collects() ? "gc: would run" : "gc: not due, it ran within " + days(gc.every())));
        job.fsck()
                .ifPresent(fsck -> steps.add(
                        plan.checks()
                                ? "fsck: would run" + share(fsck)
                                : "fsck: not due, it ran within " + days(fsck.every())));
        job.proof()
                .ifPresent(proof -> steps.add("restore proof: "
                        + proof.size().map(ByteSize::text).orElse("all") + " of a disk chosen at random"));
        job.hooks().after().ifPresent(command -> steps.add("hook after the night: " + command));
        if (!job.notices().isEmpty()) {
            steps.add("notifications: " + job.notices().size());
        }
        return steps;
    }

    private static Optional<String> machineId(Origin origin) {
        if (origin instanceof HyperVOrigin hyperV) {
            return Optional.of(hyperV.machine().id().toString());
        }
        return origin instanceof VssOrigin vss ? Optional.of(vss.machine().toString()) : Optional.empty();
    }

    private static String days(Optional<Duration> every) {
        return every.map(length -> length.toDays() > 0 ? length.toDays() + "d" : length.toHours() + "h")
                .orElse("");
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
            output.warning(WarningCode.WOULD_FAIL, "machine " + machine.name() + " would fail: " + failed.reason());
        } else if (machine.origin() instanceof FilesOrigin files) {
            files.faults()
                    .forEach(fault -> output.warning(
                            WarningCode.WOULD_FAIL, "machine " + machine.name() + " would fail: " + fault));
        }
    }

    private List<String> retention() throws IOException {
        try {
            Retention.Verdicts verdicts = new Retention(repository, job.zone()).judge(plan.machines(), output);
            if (verdicts.verdicts().isEmpty()) {
                return List.of();
            }
            long going = verdicts.verdicts().stream()
                    .filter(verdict -> !verdict.isKept())
                    .count();
            List<String> lines = new ArrayList<>();
            lines.add("retention: " + going + " of "
                    + Count.of(verdicts.verdicts().size(), "snapshot") + " that exist now would be forgotten");
            verdicts.held().forEach(held -> lines.add("  nothing of machine " + held));
            return lines;
        } catch (RefusedException e) {
            output.warning(WarningCode.CHECK_NOT_POSSIBLE, e.getMessage());
            return List.of();
        }
    }
}
