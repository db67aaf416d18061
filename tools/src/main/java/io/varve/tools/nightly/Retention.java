package io.varve.tools.nightly;

import io.varve.engine.Cancellation;
import io.varve.store.Repository;
import io.varve.store.fault.Count;
import io.varve.store.fault.RefusedException;
import io.varve.store.hold.Holds;
import io.varve.store.retention.RetentionPolicy;
import io.varve.store.retention.RetentionPolicy.Verdict;
import io.varve.store.snapshot.Snapshot;
import io.varve.store.snapshot.SnapshotCatalog;
import io.varve.store.snapshot.SnapshotId;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Forgets snapshots that the rules do not keep, but only of machines that were backed up tonight. */
final class Retention {
    private final Repository repository;
    private final ZoneId zone;

    Retention(Repository repository, ZoneId zone) {
        this.repository = repository;
        this.zone = zone;
    }

    /** @param judged number of snapshots of machines with rules */
    record Outcome(int judged, int forgotten, List<String> held) {}

    /** What would be forgotten, and the machines that are on hold. */
    record Verdicts(List<Verdict> verdicts, List<String> held) {}

    Verdicts judge(List<PlannedMachine> machines, Output output) throws IOException {
        if (machines.stream().noneMatch(machine -> machine.policy().keep().isPresent())) {
            return new Verdicts(List.of(), List.of());
        }
        SnapshotCatalog.Listing listing = RepositoryOptions.list(repository, output);
        if (!listing.damaged().isEmpty()) {
            throw new RefusedException(
                    "nothing was forgotten: " + Count.of(listing.damaged().size(), "manifest")
                            + " cannot be read, so the rules cannot be applied ("
                            + listing.damaged().get(0).getMessage() + "); run 'varve fsck'");
        }
        Set<SnapshotId> isProtected = repository.shelf().allProtected();
        Holds.Listing holds = repository.holds().list();
        List<Verdict> verdicts = new ArrayList<>();
        List<String> held = new ArrayList<>();
        for (PlannedMachine machine : machines) {
            Optional<JobFile.Keep> keep = machine.policy().keep();
            if (keep.isEmpty()) {
                continue;
            }
            Optional<String> hold = holds.of(machine.name());
            hold.ifPresent(reason -> held.add(machine.name() + ": hold " + reason));
            List<Snapshot> snapshots = listing.snapshots().stream()
                    .filter(snapshot -> snapshot.manifest().machine().equals(machine.name()))
                    .toList();
            verdicts.addAll(policy(keep.get())
                    .judge(
                            snapshots,
                            snapshot -> isProtected.contains(snapshot.id())
                                    ? Optional.of("protected")
                                    : hold.map(reason -> "hold " + reason),
                            Instant.now()));
        }
        return new Verdicts(verdicts, held);
    }

    private RetentionPolicy policy(JobFile.Keep keep) {
        return new RetentionPolicy(
                keep.last(),
                keep.hourly(),
                keep.daily(),
                keep.weekly(),
                keep.monthly(),
                keep.yearly(),
                keep.within(),
                keep.tags(),
                zone);
    }

    /** @param backedUp machines that have a snapshot of tonight */
    Outcome run(List<PlannedMachine> backedUp, Output output, Cancellation cancellation) throws IOException {
        Verdicts verdicts = judge(backedUp, output);
        for (String held : verdicts.held()) {
            output.warning(WarningCode.HELD, "nothing was forgotten of machine " + held);
        }
        int forgotten = 0;
        for (Verdict verdict : verdicts.verdicts()) {
            if (verdict.isKept()) {
                warn(verdict, output);
                continue;
            }
            cancellation.check();
            repository.shelf().forget(verdict.snapshot());
            forgotten++;
        }
        return new Outcome(verdicts.verdicts().size(), forgotten, verdicts.held());
    }

    private static void warn(Verdict verdict, Output output) {
        String snapshot = "snapshot " + verdict.snapshot().id() + " of machine "
                + verdict.snapshot().manifest().machine() + " is of "
                + verdict.snapshot().manifest().startedAt();
        if (verdict.reasons().contains(RetentionPolicy.LATER)) {
            output.warning(
                    WarningCode.TIME_ODD, snapshot + ", which is in the future: kept, and not counted by the rules");
        }
        if (verdict.reasons().contains(RetentionPolicy.OUT_OF_ORDER)) {
            output.warning(
                    WarningCode.TIME_ODD,
                    snapshot + ", which is out of order with the machine's other snapshots: kept, and"
                            + " not counted for hours, days, weeks, months and years");
        }
    }
}
