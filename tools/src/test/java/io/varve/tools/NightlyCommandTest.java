package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import io.varve.store.Repository;
import io.varve.store.coordination.HostName;
import io.varve.store.job.Job;
import io.varve.store.job.NightRecord;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whole nights, through the command line. */
@DisabledOnOs(OS.WINDOWS) // hooks are lines of a shell
class NightlyCommandTest {
    @TempDir
    Path temp;

    private Path repo;
    private Path job;

    @BeforeEach
    void init() throws IOException {
        repo = temp.resolve("repo");
        job = temp.resolve("job.yaml");
        Cli.run("init", "-r", repo).expect(ExitCode.DONE);
        for (String machine : List.of("db1", "web1", "web2")) {
            disk(machine, machine.hashCode());
        }
    }

    private Path disk(String machine, int seed) throws IOException {
        byte[] content = new byte[300_000];
        new Random(seed).nextBytes(content);
        Path folder = Files.createDirectories(temp.resolve("vm").resolve(machine));
        return Files.write(folder.resolve("system.raw"), content);
    }

    private void write(String text) throws IOException {
        Files.writeString(job, ("repository: {path: TEMP/repo}\n" + text).replace("TEMP", temp.toString()));
    }

    private Cli.Result run(ExitCode expected, Object... more) {
        Object[] arguments = new Object[more.length + 2];
        arguments[0] = "nightly";
        arguments[1] = job;
        System.arraycopy(more, 0, arguments, 2, more.length);
        return Cli.run(arguments).expect(expected);
    }

    private List<Job> nights() throws IOException {
        try (Repository open = Repository.open(repo)) {
            return open.jobs().since(Instant.EPOCH, 1_000).stream()
                    .filter(record -> record.start().orElseThrow().command().equals("nightly"))
                    .toList();
        }
    }

    private NightRecord lastNight() throws IOException {
        return nights().get(0).end().orElseThrow().night().orElseThrow();
    }

    private int snapshots(String machine) throws IOException {
        try (Repository open = Repository.open(repo)) {
            return (int) open.snapshots().list().snapshots().stream()
                    .filter(snapshot -> snapshot.manifest().machine().equals(machine))
                    .count();
        }
    }

    @Test
    void aNightBacksUpEveryMachineAndKeepsARecordOfEachStep() throws IOException {
        Cli.run("init", "-r", temp.resolve("second")).expect(ExitCode.DONE);
        write("""
                machines: [{pattern: TEMP/vm/*}]
                parallel: 2
                defaults: {keep: {last: 1}}
                copy: {path: TEMP/second}
                gc: {}
                fsck: {read-data: 100%}
                proof: {}
                """);
        run(ExitCode.DONE);
        JsonNode json = run(ExitCode.DONE, "--json").json();
        assertEquals("done", json.path("result").asText());
        assertEquals(3, json.path("nightMachines").size());
        assertEquals(2, nights().size());
        NightRecord night = lastNight();
        assertEquals(
                List.of("proof", "retention", "copy", "gc", "fsck", "repository"),
                night.steps().stream().map(NightRecord.Step::name).toList());
        assertEquals(
                3, night.step("retention").orElseThrow().number("forgotten").orElseThrow());
        assertEquals(1, snapshots("web1"));
        NightRecord.Step proof = night.step("proof").orElseThrow();
        assertEquals(300_000, proof.number("comparedBytes").orElseThrow(), "with the live disk too");
        assertEquals(0, proof.number("differingBytes").orElseThrow());
        assertTrue(night.step("fsck").orElseThrow().number("readBytes").orElseThrow() > 0);
        JsonNode jobs = Cli.run("jobs", "-r", repo, "--json")
                .expect(ExitCode.DONE)
                .json()
                .path("jobs");
        assertEquals(8, jobs.size());
        assertEquals("job", jobs.get(0).path("jobName").asText());
        assertTrue(Cli.run("jobs", "-r", repo).out().contains("night of job"));
    }

    @Test
    void oneMachinesFailureStopsNoOtherAndNothingOfItIsForgotten() throws IOException {
        write("machines: [{pattern: TEMP/vm/*}]\ndefaults: {keep: {last: 1}}\n");
        run(ExitCode.DONE);
        Files.delete(temp.resolve("vm/web1/system.raw"));
        write("""
                machines:
                  - {name: web1, disks: [TEMP/vm/web1/system.raw]}
                  - {pattern: TEMP/vm/*, exclude: [web1]}
                defaults: {keep: {last: 1}}
                """);
        Cli.Result result = run(ExitCode.SOURCE_FAILED);
        assertTrue(result.err().contains("web1: FAILED (source-failed)"), result.err());
        assertTrue(result.out().contains("2 of 3 machines backed up, 1 failed"), result.out());
        assertEquals(1, snapshots("web1"));
        assertEquals(1, snapshots("web2"));
        try (Repository open = Repository.open(repo)) {
            List<String> errors = open.jobs().newest(Optional.of("web1"), 10).stream()
                    .flatMap(record -> record.end().orElseThrow().error().stream())
                    .toList();
            assertEquals(1, errors.size());
            assertTrue(errors.get(0).contains("no such file"), "" + errors);
        }
    }

    @Test
    void thawRunsWheneverFreezeWasStarted() throws IOException {
        write("""
                machines:
                  - name: web1
                    disks: [TEMP/missing.raw]
                    hooks: {freeze: echo f >>TEMP/log, thaw: echo t >>TEMP/log,
                            after: echo "$VARVE_MACHINE $VARVE_RESULT" >>TEMP/log}
                  - name: web2
                    disks: [TEMP/vm/web2/system.raw]
                    hooks: {freeze: "echo f2 >>TEMP/log; exit 3", thaw: echo t2 >>TEMP/log}
                  - name: db1
                    disks: [TEMP/vm/db1/system.raw]
                    hooks: {before: exit 1, freeze: echo f3 >>TEMP/log, thaw: echo t3 >>TEMP/log}
                """);
        run(ExitCode.SOURCE_FAILED);
        assertEquals(List.of("f", "t", "web1 source-failed", "f2", "t2"), Files.readAllLines(temp.resolve("log")));
    }

    @Test
    void aThawThatFailsIsASourceThatIsNotClean() throws IOException {
        write("machines:\n  - {name: web1, disks: [TEMP/vm/web1/system.raw],"
                + " hooks: {freeze: 'true', thaw: 'false'}}\n");
        Cli.Result result = run(ExitCode.SOURCE_NOT_CLEAN);
        assertTrue(result.err().contains("the source may still be frozen"), result.err());
        assertEquals(1, snapshots("web1"));
    }

    @Test
    void aHookThatTakesTooLongIsEnded() throws IOException {
        write("machines:\n  - {name: web1, disks: [TEMP/vm/web1/system.raw],"
                + " hooks: {before: sleep 60, time-limit: 1s}}\n");
        long begun = System.nanoTime();
        assertTrue(run(ExitCode.SOURCE_FAILED).err().contains("took longer than 1 s"));
        assertTrue(System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(30));
    }

    @Test
    void aSecondNightOfTheSameJobIsNamedAndSkipped() throws Exception {
        write("machines:\n  - {name: web1, disks: [TEMP/vm/web1/system.raw], hooks: {before: 'touch TEMP/begun; until"
                + " [ -e TEMP/go ]; do sleep 0.1; done'}}\n");
        CompletableFuture<Cli.Result> first = CompletableFuture.supplyAsync(() -> run(ExitCode.DONE));
        try {
            while (!Files.exists(temp.resolve("begun"))) {
                assertFalse(first.isDone(), "ended early");
                Thread.sleep(20);
            }
            Cli.Result second = run(ExitCode.BUSY);
            assertTrue(second.err().contains("still running (process "), second.err());
        } finally {
            Files.createFile(temp.resolve("go"));
        }
        first.get(60, TimeUnit.SECONDS);
        assertEquals(1, nights().size());
    }

    @Test
    void aTimerMayAskAsOftenAsItLikes() throws IOException {
        write("machines: [{pattern: TEMP/vm/*}]\nschedule: {at: \"00:00\"}\n");
        run(ExitCode.DONE, "--if-due");
        assertEquals(1, nights().size());
        assertTrue(run(ExitCode.DONE, "--if-due").err().contains("not due"));
        assertEquals(1, nights().size());
        run(ExitCode.DONE); // by hand, whatever is due
        assertEquals(2, nights().size());
    }

    @Test
    void aDryRunSaysWhatWouldBeDoneAndDoesNothing() throws IOException {
        write("""
                machines: [{pattern: TEMP/vm/*}]
                hooks: {before: touch TEMP/ran}
                defaults: {keep: {last: 1}}
                gc: {every: 7d}
                fsck: {read-data: 4%}
                proof: {size: 1MiB}
                """);
        String out = run(ExitCode.DONE, "--dry-run").out();
        for (String wanted : List.of("machine web1", "system.raw", "gc: would run", "fsck: would run", "1.0 MiB")) {
            assertTrue(out.contains(wanted), out);
        }
        assertEquals(0, nights().size());
        assertFalse(Files.exists(temp.resolve("ran")));
        assertEquals(0, snapshots("web1"));
    }

    @Test
    void mistakesAreUsageErrorsWithTheirLines() throws IOException {
        Files.writeString(job, "repository: {path: /r}\nmachines: 3\n");
        JsonNode json = run(ExitCode.USAGE, "--json").json();
        assertEquals(2, json.path("mistakes").get(0).path("line").asInt());
        assertTrue(Cli.run("nightly").expect(ExitCode.USAGE).err().contains("no job file given"));
        assertTrue(Cli.run("nightly", temp.resolve("none"))
                .expect(ExitCode.USAGE)
                .err()
                .contains("none"));
        assertTrue(Cli.run("nightly", "--schema").expect(ExitCode.DONE).out().contains("\"machines\""));
    }

    @Test
    void theKeyOfAnEncryptedRepositoryComesFromAFile() throws IOException {
        Path passphrase = Files.writeString(temp.resolve("pass"), "correct horse\n");
        Path sealed = temp.resolve("sealed");
        Cli.run("init", "-r", sealed, "--encrypt", "--password-file", passphrase)
                .expect(ExitCode.DONE);
        String machines = "machines:\n  - {name: web1, disks: [" + temp + "/vm/web1/system.raw]}\nproof: {}\n";
        Files.writeString(job, "repository: {path: " + sealed + "}\n" + machines);
        assertTrue(run(ExitCode.LOCKED).err().contains("password-file"));
        Files.writeString(job, "repository: {path: " + sealed + ", password-file: " + passphrase + "}\n" + machines);
        run(ExitCode.DONE);
    }

    @Test
    void whatCameOfTheNightIsToldToCommandAndWebServer() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        CompletableFuture<String> posted = new CompletableFuture<>();
        server.createContext("/hook", exchange -> {
            String token = exchange.getRequestHeaders().getFirst("Authorization");
            posted.complete(token + " "
                    + new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            Files.writeString(temp.resolve("token"), "secret\n");
            write("machines:\n  - {name: web1, disks: [TEMP/missing.raw]}\nnotify:\n"
                    + "  - {when: failure, command: cat >TEMP/told}\n"
                    + "  - {when: always, command: exit 7}\n"
                    + "  - webhook: {url: \"http://127.0.0.1:"
                    + server.getAddress().getPort()
                    + "/hook\", token-file: TEMP/token}\n");
            Cli.Result result = run(ExitCode.SOURCE_FAILED);
            assertTrue(result.err().contains("notification failed: command ended with exit code 7"), result.err());
            assertFalse((result.out() + result.err()).contains("secret"));
            assertTrue(Files.readString(temp.resolve("told")).contains("failed: web1: "));
            String request = posted.get(10, TimeUnit.SECONDS);
            assertTrue(request.startsWith("Bearer secret "), request);
            JsonNode json = new JsonMapper().readTree(request.substring("Bearer secret ".length()));
            assertEquals("source-failed", json.path("result").asText());
            assertEquals(
                    "web1", json.path("nightMachines").get(0).path("machine").asText());
        } finally {
            server.stop(0);
        }
    }

    /** Silence would look like a good night. */
    @Test
    void aNightThatCannotBeginIsToldOnceForEachNight() throws IOException {
        Path told = temp.resolve("told");
        String notify = "notify:\n  - {when: failure, command: 'cat >>TEMP/told; env | grep VARVE_RES >>TEMP/told'}\n";
        write("machines: [{pattern: TEMP/vm/*}]\nschedule: {at: \"00:00\"}\n" + notify);
        Path away = Files.move(repo, temp.resolve("away"));
        run(ExitCode.USAGE);
        String text = Files.readString(told);
        assertTrue(text.contains("night of job job: FAILED (usage); no backups: "), text);
        assertTrue(text.contains(repo.toString()), text);
        assertTrue(text.contains("VARVE_RESULT=usage"), text);
        Files.delete(told);
        run(ExitCode.USAGE, "--if-due");
        assertTrue(Files.exists(told));
        Files.delete(told);
        run(ExitCode.USAGE, "--if-due");
        assertFalse(Files.exists(told), "told again within the same night");
        run(ExitCode.USAGE, "--dry-run");
        assertFalse(Files.exists(told), "a dry run tells nobody");
        Files.move(away, repo);
        run(ExitCode.DONE);
        assertFalse(Files.exists(told));
    }

    @Test
    void aFileThatCannotBeWrittenCostsNoOther() throws IOException {
        write("machines: [{pattern: TEMP/vm/*}]\nmetrics-file: TEMP/none/metrics.prom\nreport-file: TEMP/r.html\n");
        Cli.Result night = run(ExitCode.WARNINGS);
        assertTrue(night.err().contains("metrics not written: "), night.err());
        assertTrue(Files.readString(temp.resolve("r.html")).contains("web1"));
    }

    @Test
    void aDryRunNamesWhatIsMissingAndWhatFollows() throws IOException {
        write("machines:\n  - {name: web1, disks: [TEMP/vm/web1/system.raw, data=TEMP/gone.raw]}\ngc: {}\nfsck: {}\n");
        Cli.Result plan = run(ExitCode.WARNINGS, "--dry-run", "--json");
        assertTrue(plan.err().contains("machine web1 would fail: " + temp + "/gone.raw does not exist"), plan.err());
        JsonNode steps = plan.json().path("plannedSteps");
        assertEquals("gc: would run", steps.get(0).asText());
        assertEquals("fsck: would run", steps.get(1).asText());
    }

    @Test
    void theRecordOfANightNamesHostAndJob() throws IOException {
        write("name: hosts\nmachines: [{pattern: TEMP/vm/*}]\n");
        run(ExitCode.DONE);
        assertEquals(Optional.of("hosts"), nights().get(0).start().orElseThrow().job());
        assertEquals(HostName.get(), nights().get(0).start().orElseThrow().host());
    }

    /** A machine that a pattern finds no disk of any more is in nobody's list: the report names its folder. */
    @Test
    void aFolderThatLostItsDiskIsInTheReport() throws IOException {
        write("machines: [{pattern: TEMP/vm/*}]\n");
        run(ExitCode.DONE);
        Files.delete(temp.resolve("vm/db1/system.raw"));
        run(ExitCode.WARNINGS);
        String report = Cli.run("report", "-r", repo).expect(ExitCode.DONE).out();
        assertTrue(report.contains("machines: folder " + temp + "/vm/db1 is left out: there is no disk in it"), report);
    }
}
