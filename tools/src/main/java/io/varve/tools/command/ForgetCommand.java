package io.varve.tools.command;

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
import io.varve.store.snapshot.SnapshotShelf;
import io.varve.tools.document.ForgetDocument;
import io.varve.tools.document.Prints;
import io.varve.tools.document.VerdictEntry;
import io.varve.tools.option.RepositoryOptions;
import io.varve.tools.option.SnapshotReference;
import io.varve.tools.output.Output;
import io.varve.tools.output.Table;
import io.varve.tools.output.UsageException;
import io.varve.tools.output.WarningCode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "forget",
        mixinStandardHelpOptions = true,
        description = {
            "Forget snapshots: those named, or all that no --keep rule keeps.",
            "",
            "Rules apply per machine, and one rule is enough to keep a snapshot. They go by the"
                    + " times in the snapshots. A snapshot dated more than a day ahead of this computer's"
                    + " clock is kept, counts for no rule, and can only be forgotten by name.",
            "",
            "Forgetting frees no space; 'varve gc' does. Until then, 'varve unforget' brings a" + " snapshot back."
        },
        footer = {
            "",
            "  varve forget --keep-daily 14 --keep-weekly 8 --keep-monthly 12 --dry-run",
            "  varve forget 1f3a9c2e"
        })
@Prints(ForgetDocument.class)
public final class ForgetCommand extends RepositoryOptions {
    @Parameters(arity = "0..*", paramLabel = "SNAPSHOT", description = SnapshotReference.HELP)
    private List<String> references = new ArrayList<>();

    @Option(names = "--keep-last", paramLabel = "N", description = "Keep the newest N snapshots.")
    private int last;

    @Option(
            names = "--keep-hourly",
            paramLabel = "N",
            description = "Keep the newest snapshot of each of the last N hours that have one.")
    private int hourly;

    @Option(names = "--keep-daily", paramLabel = "N", description = "Likewise for days.")
    private int daily;

    @Option(names = "--keep-weekly", paramLabel = "N", description = "Likewise for weeks (ISO 8601, from Monday).")
    private int weekly;

    @Option(names = "--keep-monthly", paramLabel = "N", description = "Likewise for months.")
    private int monthly;

    @Option(names = "--keep-yearly", paramLabel = "N", description = "Likewise for years.")
    private int yearly;

    @Option(
            names = "--keep-within",
            paramLabel = "PERIOD",
            description = "Keep snapshots up to PERIOD older than the machine's newest: 30d, 6w, 3m, 1y or"
                    + " 1y6m. A newest snapshot that is alone in its period is kept, and the period counts"
                    + " from the next one.")
    private String within;

    @Option(
            names = "--keep-tag",
            paramLabel = "TAG",
            description = "Keep snapshots with this tag too. Repeatable. Needs one of the rules above.")
    private List<String> tags = new ArrayList<>();

    @Option(names = "--machine", paramLabel = "NAME", description = "Only snapshots of this machine.")
    private String machine;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Time zone that decides where days begin, such as UTC or Europe/Berlin. Default:"
                    + " that of this computer.")
    private String zone;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Only show what would be kept and forgotten, and why.")
    private boolean dryRun;

    private volatile int going; // number of snapshots to forget
    private final AtomicInteger forgotten = new AtomicInteger(); // number of those forgotten so far

    @Override
    public boolean tidiesUp() {
        return true;
    }

    @Override
    public String soFar() {
        return forgotten() + "; run the same command again to continue";
    }

    private String forgotten() {
        return forgotten + " of " + Count.of(going, "snapshot") + " forgotten";
    }

    @Override
    public boolean onlyConfirms() {
        return !dryRun;
    }

    @Override
    public void run(Repository repository, Output output, Cancellation cancellation) throws IOException {
        SnapshotCatalog.Listing listing = list(repository, output);
        SnapshotShelf shelf = repository.shelf();
        Holds.Listing holds = repository.holds().list();
        List<Verdict> verdicts = references.isEmpty() ? byRules(listing, shelf, holds) : byName(listing, shelf, holds);
        if (repository.isLocked() && references.isEmpty()) {
            output.notice("no key was given, so it was not checked who wrote these snapshots: anyone"
                    + " with access to the storage could have added some to push others out of the rules");
        }
        for (Verdict verdict : verdicts) {
            if (verdict.reasons().contains(RetentionPolicy.OUT_OF_ORDER)) {
                output.warning(
                        WarningCode.TIME_ODD,
                        "snapshot " + verdict.snapshot().id() + " is of "
                                + verdict.snapshot().manifest().startedAt() + ", which is out of order with the"
                                + " machine's other snapshots: kept, and not counted for hours, days, weeks,"
                                + " months and years");
            }
            if (verdict.reasons().contains(RetentionPolicy.LATER)) {
                output.warning(
                        WarningCode.TIME_ODD,
                        "snapshot " + verdict.snapshot().id() + " is of "
                                + verdict.snapshot().manifest().startedAt() + ", which is in the future: kept,"
                                + " and not counted by the rules");
            }
        }
        warnOfHolds(verdicts, holds, output);
        report(verdicts, zone(), output);
        output.document(() -> document(verdicts));
        long count = dryRun ? going(verdicts).size() : forget(going(verdicts), shelf, output, cancellation);
        output.line(
                "%s %d of %s%s",
                dryRun ? "would forget" : "forgot",
                count,
                Count.of(verdicts.size(), "snapshot"),
                dryRun || count == 0 ? "" : "; 'varve gc' frees their space, 'varve unforget' brings them back");
    }

    /** Returns the document, with the snapshots forgotten so far; also for a command that was stopped or failed. */
    private ForgetDocument document(List<Verdict> verdicts) {
        List<VerdictEntry> entries = verdicts.stream()
                .map(verdict -> new VerdictEntry(
                        verdict.snapshot().id().text(),
                        verdict.snapshot().manifest().machine(),
                        verdict.isKept(),
                        verdict.reasons()))
                .toList();
        return new ForgetDocument(entries, dryRun, dryRun ? going(verdicts).size() : forgotten.get());
    }

    private static List<Snapshot> going(List<Verdict> verdicts) {
        return verdicts.stream()
                .filter(verdict -> !verdict.isKept())
                .map(Verdict::snapshot)
                .toList();
    }

    private int forget(List<Snapshot> going, SnapshotShelf shelf, Output output, Cancellation cancellation)
            throws IOException {
        this.going = going.size();
        for (Snapshot snapshot : going) {
            cancellation.check();
            try {
                shelf.forget(snapshot);
            } catch (IOException e) {
                output.notice(forgotten() + "; forgetting failed at " + snapshot.id());
                throw e;
            }
            forgotten.incrementAndGet();
        }
        return forgotten.get();
    }

    private List<Verdict> byName(SnapshotCatalog.Listing listing, SnapshotShelf shelf, Holds.Listing holds)
            throws IOException {
        RetentionPolicy policy = policy();
        if (!policy.isEmpty() || !tags.isEmpty() || machine != null) {
            throw new UsageException("name snapshots, or give --keep rules (and --machine), not both");
        }
        List<Verdict> verdicts = new ArrayList<>();
        Set<SnapshotId> seen = new HashSet<>();
        for (String reference : references) {
            Snapshot snapshot = SnapshotReference.resolve(reference, listing);
            if (seen.add(snapshot.id())) {
                if (shelf.isProtected(snapshot.id())) {
                    throw new RefusedException("snapshot " + snapshot.id()
                            + " is protected: 'varve unprotect' it first;" + " nothing was forgotten");
                }
                Optional<String> hold = holds.of(snapshot.manifest().machine());
                if (hold.isPresent()) {
                    throw new RefusedException("snapshot " + snapshot.id() + " is kept by hold " + hold.get()
                            + ": find out why, then 'varve hold release' it; nothing was forgotten");
                }
                verdicts.add(new Verdict(snapshot, List.of()));
            }
        }
        return verdicts;
    }

    private List<Verdict> byRules(SnapshotCatalog.Listing listing, SnapshotShelf shelf, Holds.Listing holds)
            throws IOException {
        RetentionPolicy policy = policy();
        if (policy.isEmpty()) {
            throw new UsageException(
                    tags.isEmpty()
                            ? "name snapshots, or give at least one --keep rule"
                            : "--keep-tag keeps snapshots besides what another --keep rule keeps: give one, such as"
                                    + " --keep-last 1");
        }
        if (!listing.damaged().isEmpty()) {
            throw new RefusedException("nothing was forgotten: "
                    + Count.of(listing.damaged().size(), "manifest") + " cannot be read, so the rules cannot be"
                    + " applied (" + listing.damaged().get(0).getMessage() + "); run 'varve fsck', or"
                    + " name the snapshots to forget");
        }
        List<Snapshot> snapshots = listing.snapshots().stream()
                .filter(snapshot ->
                        machine == null || snapshot.manifest().machine().equals(machine))
                .toList();
        if (machine != null && snapshots.isEmpty()) {
            throw new UsageException("no snapshots of machine " + machine);
        }
        Set<SnapshotId> isProtected = new HashSet<>();
        for (Snapshot snapshot : snapshots) {
            if (shelf.isProtected(snapshot.id())) {
                isProtected.add(snapshot.id());
            }
        }
        return policy.judge(snapshots, snapshot -> keptAnyway(snapshot, isProtected, holds), Instant.now());
    }

    private static Optional<String> keptAnyway(Snapshot snapshot, Set<SnapshotId> isProtected, Holds.Listing holds) {
        return isProtected.contains(snapshot.id())
                ? Optional.of("protected")
                : holds.of(snapshot.manifest().machine()).map(hold -> "hold " + hold);
    }

    /** Warns of machines that a hold keeps from being forgotten: that must not go unnoticed for months. */
    private void warnOfHolds(List<Verdict> verdicts, Holds.Listing holds, Output output) {
        Set<String> machines = new TreeSet<>();
        verdicts.forEach(verdict -> machines.add(verdict.snapshot().manifest().machine()));
        for (String name : machines) {
            holds.of(name)
                    .ifPresent(hold -> output.warning(
                            WarningCode.HELD, "nothing of machine " + name + " was forgotten: hold " + hold));
        }
    }

    private RetentionPolicy policy() throws UsageException {
        try {
            return new RetentionPolicy(
                    last,
                    hourly,
                    daily,
                    weekly,
                    monthly,
                    yearly,
                    within == null ? Optional.empty() : Optional.of(period(within)),
                    Set.copyOf(tags),
                    zone());
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private static Period period(String text) throws UsageException {
        try {
            Period period = Period.parse("P" + text);
            if (!period.isZero() && !period.isNegative()) {
                return period;
            }
        } catch (DateTimeException e) {
            // Reported below.
        }
        throw new UsageException("--keep-within is a period such as 30d, 6w, 3m, 1y or 1y6m, not '" + text + "'");
    }

    private ZoneId zone() throws UsageException {
        try {
            return zone == null ? ZoneId.systemDefault() : ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new UsageException("--zone is a time zone such as UTC or Europe/Berlin, not '" + zone + "'");
        }
    }

    private static void report(List<Verdict> verdicts, ZoneId zone, Output output) {
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"SNAPSHOT", "TIME", "MACHINE", "VERDICT", "WHY"});
        for (Verdict verdict : verdicts) {
            Snapshot snapshot = verdict.snapshot();
            rows.add(new String[] {
                snapshot.id().text(),
                SnapshotsCommand.TIME.withZone(zone).format(snapshot.manifest().startedAt()),
                snapshot.manifest().machine(),
                verdict.isKept() ? "keep" : "forget",
                verdict.isKept() ? String.join(", ", verdict.reasons()) : "no rule keeps it"
            });
        }
        output.line("%s", rows.size() == 1 ? "no snapshots" : Table.of(rows));
    }
}
