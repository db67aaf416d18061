package io.varve.tools.nightly;

import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.MachineGroup;
import io.varve.engine.Cancellation;
import io.varve.engine.Pace;
import io.varve.engine.Workers;
import io.varve.engine.backup.BackupOptions;
import io.varve.engine.backup.Workshop;
import io.varve.engine.port.SourceException;
import io.varve.store.Repository;
import io.varve.store.check.ReadRate;
import io.varve.store.fault.Count;
import io.varve.store.fault.Reason;
import io.varve.store.job.NightRecord;
import io.varve.store.snapshot.Snapshot;
import io.varve.tools.backup.ContentAlarms;
import io.varve.tools.backup.JobRecording;
import io.varve.tools.backup.MachineBackup;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import io.varve.tools.output.WarningCode;
import io.varve.tools.report.DiskAlarms;
import io.varve.tools.report.Records;
import io.varve.tools.source.MachineGroups;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A night: does what its plan says and keeps what came of it. One machine's failure, or one step's, stops no other; a
 * request to stop ends all of them cleanly, and thaws what was frozen.
 */
final class Night {
    /** The command in job records. */
    static final String COMMAND = "nightly";

    private final NightPlan plan;
    private final JobFile job;
    private final Repository repository;
    private final Output output;
    private final Cancellation cancellation;
    private final long seed;
    private final int threads;
    private final long begun = System.nanoTime();
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<String, MachineResult> results = new ConcurrentHashMap<>();
    private final List<NightRecord.Step> steps = new ArrayList<>();
    private final Records history;
    private final Set<String> keepsAll = ConcurrentHashMap.newKeySet(); // machines whose hold could not be placed
    private ExitCode code = ExitCode.DONE;
    private boolean proofGiven;

    /**
     * @param repository open and unlocked
     * @param history of the nights before
     * @param seed for all that is chosen at random
     */
    Night(
            NightPlan plan,
            Repository repository,
            Records history,
            int threads,
            long seed,
            Output output,
            Cancellation cancellation) {
        this.history = history;
        this.plan = plan;
        this.job = plan.job();
        this.repository = repository;
        this.threads = threads;
        this.seed = seed;
        this.output = output;
        this.cancellation = cancellation;
        environment.put("VARVE_JOB", job.name());
        environment.put("VARVE_REPO", job.repository().where().toString());
    }

    /** How many machines are backed up, for whoever stops the night. Asked from any thread. */
    String soFar() {
        long done = results.values().stream().filter(MachineResult::isBackedUp).count();
        return done + " of " + Count.of(plan.machines().size(), "machine was", "machines were") + " backed up";
    }

    /** For whoever is told what came of the night; complete when it is over. */
    Map<String, String> environment() {
        return environment;
    }

    NightOutcome run() {
        Instant startedAt = Instant.now();
        JobRecording record = JobRecording.begin(repository.jobs(), COMMAND, "", Optional.of(job.name()), output);
        try {
            NightOutcome outcome = run(startedAt);
            record.end(code, failure(outcome), Optional.of(record(outcome)));
            return outcome;
        } catch (RuntimeException | Error e) {
            record.end(ExitCode.INTERNAL, e);
            throw e;
        }
    }

    private NightOutcome run(Instant startedAt) {
        plan.warnings().forEach(this::odd);
        plan.failures().forEach(this::unplanned);
        boolean mayBegin = hook("before", job.hooks().before(), cancellation);
        if (mayBegin) {
            machines();
        }
        for (PlannedMachine machine : plan.machines()) {
            results.computeIfAbsent(machine.name(), MachineResult::notStarted);
        }
        List<MachineResult> ordered = plan.machines().stream()
                .map(machine -> results.get(machine.name()))
                .toList();
        tellNotStarted(ordered, mayBegin);
        ordered.forEach(result -> result.code().ifPresent(this::worsen));
        if (mayBegin) {
            repositorySteps();
        }
        if (cancellation.isRequested()) {
            worsen(ExitCode.STOPPED);
        }
        worsen(output.exitCode());
        environment.put("VARVE_EXIT_CODE", Integer.toString(code.code()));
        environment.put("VARVE_RESULT", code.word());
        hook("after", job.hooks().after(), null);
        worsen(output.exitCode());
        return new NightOutcome(
                job.name(),
                startedAt,
                Instant.now(),
                ordered,
                List.copyOf(steps),
                output.warnings(),
                code,
                Optional.empty());
    }

    /** A warning about the night itself: a step in its record, so that the report shows it. */
    private void odd(String text) {
        output.warning(WarningCode.JOB_MACHINES, text);
        addStep(new NightRecord.Step(
                NightSteps.MACHINES, ExitCode.WARNINGS.word(), Optional.empty(), Optional.empty(), text, 0, Map.of()));
    }

    /** Machines that cannot fail in their own names, since these are not known. */
    private void unplanned(String text) {
        output.notice("FAILED (" + ExitCode.SOURCE_FAILED.word() + "): " + text);
        worsen(ExitCode.SOURCE_FAILED);
        addStep(new NightRecord.Step(
                NightSteps.MACHINES,
                ExitCode.SOURCE_FAILED.word(),
                Optional.empty(),
                Optional.empty(),
                text,
                0,
                Map.of()));
    }

    private static IOException failure(NightOutcome outcome) {
        return switch (outcome.code()) {
            case DONE, WARNINGS, SOURCE_NOT_CLEAN -> null;
            default -> new IOException(outcome.summary());
        };
    }

    private static NightRecord record(NightOutcome outcome) {
        List<String> notStarted =
                outcome.notStarted().stream().map(MachineResult::machine).toList();
        return new NightRecord(
                outcome.machines().size(), outcome.failed().size(), notStarted, notStarted.size(), outcome.steps());
    }

    private synchronized void worsen(ExitCode other) {
        code = Worst.of(code, other);
    }

    /** @return whether the night may go on */
    private boolean hook(String name, Optional<String> command, Cancellation stop) {
        if (command.isEmpty()) {
            return true;
        }
        try {
            new Hook(name, command.get(), job.hooks().timeLimit(), environment).run(stop, output);
            return true;
        } catch (IOException e) {
            odd(Reason.of(e));
            worsen(stop == null ? ExitCode.WARNINGS : ExitCode.of(e));
            return false;
        }
    }

    private void tellNotStarted(List<MachineResult> ordered, boolean mayBegin) {
        List<String> names = ordered.stream()
                .filter(result -> result.code().isEmpty())
                .map(MachineResult::machine)
                .toList();
        if (names.isEmpty()) {
            return;
        }
        String why = cancellation.isRequested()
                ? "the night was stopped"
                : mayBegin ? "the window closed" : "the hook before the night failed";
        List<String> shown = names.subList(0, Math.min(20, names.size()));
        output.warning(
                WarningCode.NOT_STARTED,
                Count.of(names.size(), "machine was", "machines were") + " not started, since "
                        + why + ": " + String.join(", ", shown)
                        + (names.size() > shown.size() ? " and " + (names.size() - shown.size()) + " more" : ""));
    }

    private void machines() {
        MachineBackup backup = new MachineBackup(repository, job.patience(), cancellation, Optional.of(job.name()));
        BackupOptions common = new BackupOptions(threads, BackupOptions.DEFAULT_RUN_SIZE, -1, seed);
        Workshop workshop = new Workshop(common, repository.config().blockSize());
        Pace pace = new Pace(rate(job.readRate()), rate(job.writeRate()));
        MachineNight.Means means = new MachineNight.Means(repository, backup, workshop, threads, pace);
        List<List<PlannedMachine>> units =
                NightUnits.of(plan.machines(), this::odd).units();
        AtomicInteger next = new AtomicInteger();
        Callable<Void> worker = () -> {
            for (int i = next.getAndIncrement(); i < units.size(); i = next.getAndIncrement()) {
                if (cancellation.isRequested() || windowClosed()) {
                    break;
                }
                unit(units.get(i), means);
            }
            return null;
        };
        try {
            Workers.run(
                    Math.max(1, Math.min(job.parallel(), units.size())), "varve-machine", cancellation, () -> worker);
        } catch (InterruptedIOException e) {
            // Told as the end of the night.
        } catch (IOException e) {
            throw new IllegalStateException("a machine's failure is part of its result", e);
        }
    }

    private void unit(List<PlannedMachine> unit, MachineNight.Means means) throws IOException {
        if (unit.size() == 1) {
            machine(unit.get(0), means);
            return;
        }
        List<HyperVOrigin> origins =
                unit.stream().map(machine -> (HyperVOrigin) machine.origin()).toList();
        try (HyperV own = HostConnection.open(origins.get(0).host())) {
            MachineGroup group = MachineGroups.night(
                    own,
                    origins.stream().map(HyperVOrigin::machine).toList(),
                    origins.get(0).choices(),
                    repository,
                    output,
                    cancellation);
            AtomicInteger next = new AtomicInteger();
            Workers.run(unit.size(), "varve-machine", cancellation, () -> () -> {
                int i = next.getAndIncrement();
                MachineGroup.Member member =
                        group.member(origins.get(i).machine().id());
                try {
                    machine(unit.get(i).with(origins.get(i).with(member)), means);
                } finally {
                    member.leave();
                }
                return null;
            });
        } catch (SourceException e) { // the connection could not be made: each says so itself
            for (PlannedMachine machine : unit) {
                if (!results.containsKey(machine.name())) {
                    machine(machine, means);
                }
            }
        }
    }

    private void machine(PlannedMachine machine, MachineNight.Means means) {
        MachineNight night = new MachineNight(machine, means, environment, cancellation, output, this::whileFrozen);
        results.put(machine.name(), night.run());
    }

    private static ReadRate rate(Optional<Long> bytesPerSecond) {
        return bytesPerSecond.map(ReadRate::of).orElse(ReadRate.unlimited());
    }

    private boolean windowClosed() {
        return plan.windowLeft()
                .filter(left -> System.nanoTime() - begun >= left.toNanos())
                .isPresent();
    }

    /** Alarms come before retention; the machine that the plan chose gives its proof now, while it stands still. */
    private void whileFrozen(Snapshot snapshot, Optional<Origin.Live> live, boolean frozen, Output words) {
        alarms(snapshot, words);
        String machine = snapshot.manifest().machine();
        if (!plan.proofOrder().isEmpty() && plan.proofOrder().get(0).equals(machine)) {
            proof(snapshot, live, frozen, words);
        }
    }

    private void alarms(Snapshot snapshot, Output words) {
        String machine = snapshot.manifest().machine();
        List<Records.Entry> before = history.machines().getOrDefault(machine, List.of());
        for (ContentAlarms.Raised raised : new ContentAlarms(repository, before).judge(snapshot, words)) {
            if (raised.unheld()) {
                keepsAll.add(machine);
                words.notice("tonight nothing of machine " + machine + " is forgotten");
            }
            addStep(new NightRecord.Step(
                    DiskAlarms.STEP,
                    ExitCode.WARNINGS.word(),
                    Optional.of(machine),
                    Optional.of(raised.disk()),
                    raised.alarm().message(),
                    0,
                    Map.of()));
        }
    }

    private synchronized void addStep(NightRecord.Step step) {
        steps.add(step);
    }

    private void proof(Snapshot snapshot, Optional<Origin.Live> live, boolean frozen, Output words) {
        synchronized (this) {
            if (proofGiven) {
                return;
            }
            proofGiven = true;
        }
        String machine = snapshot.manifest().machine();
        ProofOfMachine proof = new ProofOfMachine(repository, job.proof().get(), seed, cancellation);
        String[] disk = {null};
        step(NightSteps.PROOF, Optional.of(machine), disk, words, () -> {
            ProofOfMachine.Done done = proof.run(snapshot, live, frozen, words);
            disk[0] = done.disk();
            return new NightSteps.Done(done.text(), done.numbers());
        });
    }

    /** The planned machine has no snapshot of tonight: the next one in the order that has gives the proof. */
    private void proofOfAnother() {
        for (String name : plan.proofOrder()) {
            Optional<Snapshot> snapshot = results.get(name).snapshot();
            if (snapshot.isPresent()) {
                proof(snapshot.get(), Optional.empty(), false, output.part(name));
                return;
            }
        }
    }

    private void repositorySteps() {
        NightSteps work = new NightSteps(repository, job, threads, output, cancellation);
        List<PlannedMachine> backedUp = plan.machines().stream()
                .filter(machine -> results.get(machine.name()).isBackedUp() && !keepsAll.contains(machine.name()))
                .toList();
        if (backedUp.stream().anyMatch(machine -> machine.policy().keep().isPresent())) {
            step(NightSteps.RETENTION, () -> work.retention(backedUp));
        }
        job.copy().ifPresent(copy -> step(NightSteps.COPY, () -> work.copy(copy)));
        if (plan.collects()) {
            step(NightSteps.GC, () -> work.gc(job.gc().get()));
        }
        if (plan.checks()) {
            step(NightSteps.FSCK, () -> work.fsck(job.fsck().get()));
        }
        if (!cancellation.isRequested()) {
            proofOfAnother();
        }
        step(NightSteps.REPOSITORY, work::repository);
    }

    /** Work of a step. */
    @FunctionalInterface
    private interface Work {
        NightSteps.Done run() throws IOException;
    }

    private void step(String name, Work work) {
        step(name, Optional.empty(), new String[1], output, work);
    }

    /**
     * Runs a step; its failure is its result. Skipped when the night was stopped.
     *
     * @param disk filled by the work
     * @param words that the step's warnings go to, and no other's meanwhile
     */
    private void step(String name, Optional<String> machine, String[] disk, Output words, Work work) {
        if (cancellation.isRequested()) {
            return;
        }
        long started = System.nanoTime();
        int warningsBefore = words.warnings().size();
        ExitCode result;
        NightSteps.Done done;
        try {
            done = work.run();
            result = words.warnings().size() > warningsBefore ? ExitCode.WARNINGS : ExitCode.DONE;
            output.line("%s: %s", name, done.text());
        } catch (IOException e) {
            result = ExitCode.of(e);
            done = new NightSteps.Done(Reason.of(e), Map.of());
            output.notice(name + ": FAILED (" + result.word() + "): " + Reason.of(e));
        }
        synchronized (this) {
            code = Worst.of(code, result);
            steps.add(new NightRecord.Step(
                    name,
                    result.word(),
                    machine,
                    Optional.ofNullable(disk[0]),
                    done.text(),
                    NightSteps.since(started),
                    done.numbers()));
        }
    }
}
