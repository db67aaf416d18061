package io.varve.tools.nightly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.engine.Cancellation;
import io.varve.engine.port.DiskImage;
import io.varve.store.Repository;
import io.varve.store.RepositoryConfig;
import io.varve.store.check.ReadRate;
import io.varve.store.hold.Hold;
import io.varve.store.job.Job;
import io.varve.store.job.JobEnd;
import io.varve.store.job.JobStart;
import io.varve.store.session.ReadSession;
import io.varve.tools.output.ExitCode;
import io.varve.tools.output.Output;
import io.varve.tools.report.Records;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS) // hooks are lines of a shell
class NightTest {
    @TempDir
    Path temp;

    private final StringWriter words = new StringWriter();
    private final Output output = new Output(new PrintWriter(words), new PrintWriter(words), false);
    private static final Records NO_HISTORY = new Records(Map.of(), List.of(), List.of(), List.of());
    private Repository repository;

    @BeforeEach
    void init() throws IOException {
        repository = Repository.init(
                temp.resolve("repo"),
                new RepositoryConfig(UUID.randomUUID(), 65_536, 1 << 20, Instant.parse("2026-11-24T00:00:00Z")));
        byte[] content = new byte[2 << 20];
        new Random(1).nextBytes(content);
        Files.write(temp.resolve("a.raw"), content);
        Files.write(temp.resolve("b.raw"), content);
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private NightPlan plan(String text) throws IOException {
        JobFileReader.Result read =
                JobFileReader.read(("repository: {path: TEMP/repo}\n" + text).replace("TEMP", temp.toString()), "job");
        assertEquals(List.of(), read.mistakes());
        NightPlan.Places places = new NightPlan.Places(FolderListing.ofThisComputer(), new MadeHosts());
        return NightPlan.of(read.job().orElseThrow(), places, List.of(), Instant.now(), 7);
    }

    private Job record() throws IOException {
        return repository.jobs().since(Instant.EPOCH, 100).stream()
                .filter(job -> job.start().orElseThrow().command().equals(Night.COMMAND))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aNightThatIsStoppedThawsAndSaysWhatWasDone() throws Exception {
        NightPlan plan = plan("""
                machines:
                  - name: a
                    disks: [TEMP/a.raw]
                    hooks: {freeze: touch TEMP/frozen; sleep 60, thaw: touch TEMP/thawed}
                  - {name: b, disks: [TEMP/b.raw]}
                """);
        Cancellation cancellation = new Cancellation();
        Night night = new Night(plan, repository, NO_HISTORY, 1, 7, output, cancellation);
        CompletableFuture<NightOutcome> running = CompletableFuture.supplyAsync(night::run);
        while (!Files.exists(temp.resolve("frozen"))) {
            Thread.sleep(20);
        }
        cancellation.request();
        NightOutcome outcome = running.get(20, TimeUnit.SECONDS);
        assertEquals(ExitCode.STOPPED, outcome.code());
        assertTrue(Files.exists(temp.resolve("thawed")));
        assertEquals(
                List.of("b"),
                outcome.notStarted().stream().map(MachineResult::machine).toList());
        assertEquals("0 of 2 machines were backed up", night.soFar());
        Job stopped = repository.jobs().newest(Optional.of("a"), 1).get(0);
        assertEquals(ExitCode.STOPPED.code(), stopped.end().orElseThrow().exitCode());
        assertEquals(ExitCode.STOPPED.code(), record().end().orElseThrow().exitCode());
        assertEquals(
                List.of("b"), record().end().orElseThrow().night().orElseThrow().notStarted());
    }

    /** Ctrl-C goes to the whole group of processes: the hook dies of it, and perhaps before Varve is told. */
    @Test
    void aHookThatDiesOfCtrlCWasStoppedAndDidNotFail() throws Exception {
        NightPlan plan = plan("""
                machines:
                  - name: a
                    disks: [TEMP/a.raw]
                    hooks: {freeze: touch TEMP/frozen; kill -INT $$; sleep 60, thaw: touch TEMP/thawed}
                """);
        Cancellation cancellation = new Cancellation();
        Night night = new Night(plan, repository, NO_HISTORY, 1, 7, output, cancellation);
        CompletableFuture<NightOutcome> running = CompletableFuture.supplyAsync(night::run);
        while (!Files.exists(temp.resolve("frozen"))) {
            Thread.sleep(20);
        }
        Thread.sleep(300); // the hook has ended by now
        cancellation.request();
        assertEquals(ExitCode.STOPPED, running.get(20, TimeUnit.SECONDS).code());
        assertTrue(Files.exists(temp.resolve("thawed")));
        Job stopped = repository.jobs().newest(Optional.of("a"), 1).get(0);
        assertEquals(ExitCode.STOPPED.code(), stopped.end().orElseThrow().exitCode());
    }

    /** A hook that is killed by somebody else, with the same signal, has failed. */
    @Test
    void aHookThatIsKilledWhileTheNightGoesOnHasFailed() throws IOException {
        NightPlan plan = plan("""
                machines:
                  - name: a
                    disks: [TEMP/a.raw]
                    hooks: {freeze: kill -INT $$, thaw: touch TEMP/thawed}
                """);
        NightOutcome outcome = new Night(plan, repository, NO_HISTORY, 1, 7, output, new Cancellation()).run();
        assertEquals(ExitCode.SOURCE_FAILED, outcome.code());
        assertTrue(Files.exists(temp.resolve("thawed")));
    }

    @Test
    void noMachineIsBegunWhenTheWindowHasClosed() throws IOException {
        NightPlan plan = plan("machines: [{name: a, disks: [TEMP/a.raw]}]\n");
        NightPlan closed = new NightPlan(
                plan.job(), plan.machines(), Optional.of(Duration.ZERO), false, false, List.of(), List.of(), List.of());
        NightOutcome outcome = new Night(closed, repository, NO_HISTORY, 1, 7, output, new Cancellation()).run();
        assertEquals(ExitCode.WARNINGS, outcome.code());
        assertTrue(words.toString().contains("1 machine was not started, since the window closed: a"), "" + words);
    }

    @Test
    void theProofGoesToAnotherMachineWhenTheFirstFails() throws IOException {
        NightPlan plan = plan("""
                machines:
                  - {name: a, disks: [TEMP/missing.raw]}
                  - {name: b, disks: [TEMP/b.raw]}
                proof: {size: 1MiB}
                """);
        NightPlan ordered = new NightPlan(
                plan.job(), plan.machines(), Optional.empty(), false, false, List.of("a", "b"), List.of(), List.of());
        NightOutcome outcome = new Night(ordered, repository, NO_HISTORY, 1, 7, output, new Cancellation()).run();
        assertEquals(ExitCode.SOURCE_FAILED, outcome.code());
        assertEquals(Optional.of("b"), outcome.steps().get(0).machine());
    }

    /** The comparison finds a disk that is not what the snapshot says; the snapshot itself is proven all the same. */
    @Test
    void aLiveDiskThatDiffersIsFound() throws IOException {
        new Night(
                        plan("machines: [{name: a, disks: [TEMP/a.raw]}]\n"),
                        repository,
                        NO_HISTORY,
                        1,
                        7,
                        output,
                        new Cancellation())
                .run();
        byte[] other = Files.readAllBytes(temp.resolve("a.raw"));
        other[(1 << 20) + 5] ^= 1;
        Files.write(temp.resolve("a.raw"), other);
        var disk = repository
                .snapshots()
                .list()
                .snapshots()
                .get(0)
                .manifest()
                .disks()
                .get(0);
        try (ReadSession session = ReadSession.open(repository, notice -> {});
                DiskImage live = DiskImages.open(temp.resolve("a.raw"), Reader.AUTO)) {
            RestoreProof.Result result = RestoreProof.run(
                    session, disk, Optional.empty(), Optional.of(live), ReadRate.unlimited(), 1, new Cancellation());
            assertEquals(new RestoreProof.Result(2 << 20, true, 1 << 20, 1 << 20), result);
            RestoreProof.Result alone = RestoreProof.run(
                    session, disk, Optional.of(1L), Optional.empty(), ReadRate.unlimited(), 1, new Cancellation());
            assertEquals(new RestoreProof.Result(2 << 20, false, 0, -1), alone, "a piece of 16 MiB at least");
        }
    }

    @Test
    void aWholeNightsMailIsText() throws IOException {
        NightOutcome outcome = new Night(
                        plan("machines: [{name: a, disks: [TEMP/missing.raw]}]\n"),
                        repository,
                        NO_HISTORY,
                        1,
                        7,
                        output,
                        new Cancellation())
                .run();
        assertEquals(
                "varve job: FAILED (source-failed), 0 of 1 machine backed up, 1 failed", NightText.subject(outcome));
        assertTrue(NightText.mail(outcome).contains("failed: a: "));
    }

    /** Twenty nights in which new content of disk a compressed to half. */
    private static Records compressible() {
        List<Job> jobs = new ArrayList<>();
        for (int ago = 1; ago <= 20; ago++) {
            Instant at = Instant.now().minus(Duration.ofDays(ago));
            JobEnd.JobDisk disk = new JobEnd.JobDisk(
                    "a",
                    "full",
                    "no-change-list",
                    80 << 20,
                    20 << 20,
                    80 << 20,
                    10 << 20,
                    1,
                    OptionalLong.of(20 << 20),
                    OptionalLong.of(0));
            jobs.add(new Job(
                    "" + at,
                    Optional.of(new JobStart("backup", "a", "host", 1, "test", at)),
                    Optional.of(new JobEnd(at, 0, Optional.empty(), Optional.empty(), List.of(disk), List.of(), 0)),
                    Optional.empty()));
        }
        return Records.of(jobs, List.of(), Instant.now());
    }

    @Test
    void anAlarmHoldsTheMachineUntilItIsReleased() throws IOException {
        NightPlan plan = plan("machines: [{name: a, disks: [TEMP/a.raw], keep: {last: 1}}]\n");
        Night first = new Night(plan, repository, NO_HISTORY, 1, 7, output, new Cancellation());
        assertEquals(ExitCode.DONE, first.run().code());
        byte[] sealed = new byte[70 << 20];
        new Random(2).nextBytes(sealed);
        Files.write(temp.resolve("a.raw"), sealed);
        Night second = new Night(plan, repository, compressible(), 1, 7, output, new Cancellation());
        NightOutcome outcome = second.run();
        assertEquals(ExitCode.WARNINGS, outcome.code());
        assertEquals("alarm", outcome.steps().get(0).name());
        assertTrue(words.toString().contains("[content-incompressible]"), "" + words);
        assertTrue(words.toString().contains("nothing was forgotten of machine a: hold "), "" + words);
        List<Hold> holds = repository.holds().list().holds();
        assertEquals(1, holds.size());
        assertEquals("content-incompressible", holds.get(0).code());
        assertEquals(2, repository.snapshots().list().snapshots().size());
        repository.holds().release(holds.get(0).id());
        new Night(plan, repository, compressible(), 1, 7, output, new Cancellation()).run();
        assertEquals(1, repository.snapshots().list().snapshots().size());
    }
}
