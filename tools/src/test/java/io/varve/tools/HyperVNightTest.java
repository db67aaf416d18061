package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.adapters.hyperv.standin.WsManServer;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Nights of a job with the stand-in host, by the command line. */
@DisabledOnOs(OS.WINDOWS) // hooks are lines of a shell, and the stand-in has no VSS
class HyperVNightTest {
    private static final int SIZE = 4 << 20;

    @TempDir
    private Path temp;

    private StandInHost host;
    private StandInMachine web;
    private StandInMachine db;
    private WsManServer server;
    private Path job;

    @BeforeEach
    void start() throws IOException {
        host = new StandInHost(Files.createDirectories(temp.resolve("drive")));
        web = host.addMachine("web1");
        web.addDisk(SIZE).write(0, bytes(100_000, 1));
        db = host.addMachine("db1");
        db.addDisk(SIZE).write(1 << 20, bytes(300_000, 2));
        server = WsManServer.start(host, temp, 0);
        job = temp.resolve("job.yaml");
        Files.writeString(temp.resolve("password"), WsManServer.PASSWORD + "\n");
        Cli.run("init", "-r", temp.resolve("repo")).expect(ExitCode.DONE);
    }

    @AfterEach
    void stop() {
        server.close();
        assertEquals(List.of(), host.violations());
    }

    private static byte[] bytes(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private void write(String machines) throws IOException {
        Files.writeString(
                job,
                """
                repository: {path: TEMP/repo}
                hosts:
                  - name: hv1
                    address: ADDRESS
                    user: USER
                    password-file: TEMP/password
                    fingerprint: "FINGERPRINT"
                    map: ['D:\\VMs=TEMP/drive']
                machines:
                """.replace("ADDRESS", server.address())
                                .replace("USER", WsManServer.USER)
                                .replace("FINGERPRINT", server.fingerprint())
                                .replace("TEMP", temp.toString())
                        + machines.replace("TEMP", temp.toString()));
    }

    private Cli.Result night(ExitCode expected, String... more) {
        Object[] arguments = new Object[more.length + 2];
        arguments[0] = "nightly";
        arguments[1] = job;
        System.arraycopy(more, 0, arguments, 2, more.length);
        return Cli.run(arguments).expect(expected);
    }

    private JsonNode newest(String machine) throws IOException {
        return Cli.run("show", "-r", temp.resolve("repo"), "latest:" + machine, "--json")
                .expect(ExitCode.DONE)
                .json();
    }

    private byte[] restored(String snapshot) throws IOException {
        Path file = temp.resolve(snapshot.replaceAll("\\W", "_") + ".raw");
        Cli.run("restore", "-r", temp.resolve("repo"), snapshot, "--disk", "disk0", "--to", file.toString())
                .expect(ExitCode.DONE);
        return Files.readAllBytes(file);
    }

    @Tag("long")
    @Test
    void aHostMayExportItsMachines() throws IOException {
        write("""
                  - source: hyperv
                    host: hv1
                    vms: ["*"]
                """);
        Files.writeString(
                job,
                Files.readString(job)
                        .replace(
                                "/drive']",
                                "/drive', '\\\\nas\\staging=" + host.share() + "']\n    read: export\n"
                                        + "    export-to: '\\\\nas\\staging'"));
        night(ExitCode.DONE);
        web.disks().get(0).write(4096, bytes(50, 7));
        String second = night(ExitCode.DONE).out();
        assertTrue(second.contains("exporting what changed into"), second);
        assertArrayEquals(web.disks().get(0).content(), restored("latest:web1"));
        assertArrayEquals(db.disks().get(0).content(), restored("latest:db1"));
        assertEquals(0, host.share().toFile().list().length);
    }

    @Test
    void theMachinesOfAPatternAreBackedUpFullyThenIncrementally() throws IOException {
        write("""
                  - source: hyperv
                    host: hv1
                    vms: ["*"]
                    hooks: {before: echo $VARVE_MACHINE >>TEMP/hooks}
                parallel: 2
                proof: {}
                """);
        byte[] first = web.disks().get(0).content();
        Cli.Result full = night(ExitCode.DONE);
        assertTrue(full.out().contains("2 of 2 machines backed up"), full.out());
        assertTrue(full.out().contains("every block is what the snapshot says"), full.out());
        web.disks().get(0).write(2 << 20, bytes(5000, 3));

        night(ExitCode.DONE);

        for (String machine : List.of("web1", "db1")) {
            JsonNode shown = newest(machine);
            assertTrue(shown.toString().contains("\"mode\":\"incremental\""), shown.toString());
            assertTrue(shown.toString().contains("\"consistency\":\"application\""), shown.toString());
        }
        assertArrayEquals(first, restored("latest:web1~1"));
        assertArrayEquals(web.disks().get(0).content(), restored("latest:web1"));
        assertArrayEquals(db.disks().get(0).content(), restored("latest:db1"));
        assertEquals(1, host.objects(web).size(), "one reference point");
        assertEquals(4, Files.readAllLines(temp.resolve("hooks")).size());
        JsonNode report = Cli.run("report", "-r", temp.resolve("repo"), "--json")
                .expect(ExitCode.DONE)
                .json();
        assertTrue(report.toString().contains("\"consistency\":\"application\""), report.toString());
    }

    @Test
    void aDryRunListsTheMachinesAndTakesNoCheckpoint() throws IOException {
        write("""
                  - {source: hyperv, host: hv1, vms: ["*"], exclude: [DB*]}
                """);
        JsonNode plan = night(ExitCode.DONE, "--dry-run", "--json").json();
        assertEquals(1, plan.get("plannedMachines").size());
        assertEquals(
                web.id().toString(),
                plan.get("plannedMachines").get(0).get("vmId").asText());
        Cli.Result text = night(ExitCode.DONE, "--dry-run");
        assertTrue(text.out().contains("Hyper-V machine " + web.id() + " on host hv1, running"), text.out());
        assertEquals(List.of(), host.calls(), "something was done at the host");
    }

    @Test
    void aMachineThatFailsLeavesTheOthers() throws IOException {
        write("""
                  - {source: hyperv, host: hv1, vms: ["*"]}
                """);
        Files.delete(db.disks().get(0).files().get(0));
        Cli.Result result = night(ExitCode.SOURCE_FAILED);
        assertTrue(result.out().contains("1 of 2 machines backed up, 1 failed"), result.out());
        assertArrayEquals(web.disks().get(0).content(), restored("latest:web1"));
        assertEquals(1, host.objects(web).size());
    }

    @Test
    void aHostThatIsNotCleanIsTheNightsResult() throws IOException {
        write("""
                  - {source: hyperv, host: hv1, vm: web1, merge-limit: 1s}
                  - {source: hyperv, host: hv1, vm: db1}
                metrics-file: TEMP/metrics.prom
                """);
        host.faults().neverMerge(true);
        job = Files.writeString(job, Files.readString(job).replace("vm: db1", "vm: db1, merge-limit: 1s"));
        Cli.Result result = night(ExitCode.SOURCE_NOT_CLEAN);
        assertTrue(result.err().contains("was not merged within 1 second"), result.err());
        assertTrue(result.out().contains("done, but a source is not clean (source-not-clean); 2 of 2"), result.out());
        assertArrayEquals(web.disks().get(0).content(), restored("latest:web1"));
        JsonNode report = Cli.run("report", "-r", temp.resolve("repo"), "--json")
                .expect(ExitCode.DONE)
                .json();
        assertTrue(report.toString().contains("\"kind\":\"not-clean\""), report.toString());
        String metrics = Files.readString(temp.resolve("metrics.prom"));
        assertTrue(metrics.contains("varve_machine_source_clean{repository"), metrics);
        assertTrue(
                metrics.lines()
                        .anyMatch(line -> line.startsWith("varve_machine_source_clean")
                                && line.contains("machine=\"web1\"")
                                && line.endsWith(" 0")),
                metrics);
        host.faults().neverMerge(false);
    }

    @Test
    void aHostThatDoesNotAnswerFailsItsMachinesAndNoOthers() throws IOException {
        Files.write(temp.resolve("d.raw"), bytes(SIZE, 7));
        write("""
                  - {source: hyperv, host: hv1, vms: ["web*"]}
                  - {name: files1, disks: [TEMP/d.raw]}
                """);
        night(ExitCode.DONE);
        server.close();
        Cli.Result result = night(ExitCode.SOURCE_FAILED);
        assertTrue(result.out().contains("1 of 2 machines backed up, 1 failed"), result.out());
        JsonNode jobs = Cli.run("jobs", "-r", temp.resolve("repo"), "--json")
                .expect(ExitCode.DONE)
                .json();
        assertTrue(
                jobs.toString().contains("\"machine\":\"web1\",")
                        && jobs.toString().contains("source-failed"),
                jobs.toString());
        Cli.Result dry = night(ExitCode.WARNINGS, "--dry-run");
        assertTrue(dry.err().contains("machine web1 would fail"), dry.err());
    }

    @Test
    void shadowCopiesNeedWindowsAndTheOthersGoOn() throws IOException {
        write("""
                  - {source: vss, vm: 7802ce25-83f1-48e0-9637-941262284282, name: shadowed}
                  - {source: vss, vms: ["*"]}
                  - {source: hyperv, host: hv1, vm: web1}
                """);
        Cli.Result result = night(ExitCode.SOURCE_FAILED);
        assertTrue(result.out().contains("1 of 2 machines backed up, 1 failed"), result.out());
        assertTrue(result.err().contains("shadowed: FAILED (source-failed)"), result.err());
        assertTrue(result.err().contains("no machine of this computer (line 11) was backed up"), result.err());
        assertTrue(result.err().contains("Windows"), result.err());
        assertFalse(newest("web1").isEmpty());
    }

    @Test
    void anotherPasswordIsSaidOfTheMachine() throws IOException {
        Files.writeString(temp.resolve("password"), "wrong");
        write("""
                  - {source: hyperv, host: hv1, vm: web1}
                """);
        Cli.Result result = night(ExitCode.SOURCE_FAILED);
        assertTrue(result.err().contains("web1: FAILED") && result.err().contains("refused the logon"), result.err());
    }
}
