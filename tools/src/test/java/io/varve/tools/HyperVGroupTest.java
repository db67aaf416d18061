package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines of the stand-in host that share a VHD set are backed up together. */
class HyperVGroupTest {
    private static final int SIZE = 2 << 20;

    @TempDir
    private Path temp;

    private HyperVHostCli cli;
    private StandInMachine one;
    private StandInMachine two;

    @BeforeEach
    void start() throws IOException {
        cli = new HyperVHostCli(temp);
        one = cli.host.addMachine("node1");
        two = cli.host.addMachine("node2");
        cli.host.addMachine("other").addDisk(SIZE);
        one.addDisk(SIZE).write(0, HyperVHostCli.bytes(50_000, 1));
        two.addDisk(SIZE).write(0, HyperVHostCli.bytes(50_000, 2));
        one.addDisk(SIZE).shareInGroup(cli.host.share().toRealPath().resolve("cluster.vhds"));
        two.attach(one.disks().get(1));
        one.disks().get(1).write(1 << 20, HyperVHostCli.bytes(70_000, 3));
    }

    @AfterEach
    void stop() {
        cli.close();
        assertEquals(List.of(), cli.host.violations());
    }

    private Cli.Result backup(String... more) {
        List<String> all = new ArrayList<>(List.of("--vm", "node1", "--group"));
        all.addAll(List.of("--map", StandInHost.SHARE + "=" + cli.host.share()));
        all.addAll(List.of(more));
        return cli.run("backup", all.toArray(String[]::new));
    }

    private byte[] latest(String machine, String disk) throws IOException {
        Path file = temp.resolve("restored.raw");
        Cli.run("restore", "-r", cli.repo, "latest:" + machine, "--disk", disk, "--to", file, "--force")
                .expect(ExitCode.DONE);
        return Files.readAllBytes(file);
    }

    private void assertBothAreBackedUp() throws IOException {
        assertArrayEquals(one.disks().get(0).content(), latest("node1", "disk0"));
        assertArrayEquals(two.disks().get(0).content(), latest("node2", "disk0"));
        assertArrayEquals(one.disks().get(1).content(), latest("node1", "cluster"));
        assertArrayEquals(one.disks().get(1).content(), latest("node2", "cluster"));
    }

    private String mode(String machine, int disk) throws IOException {
        return Cli.run("show", "-r", cli.repo, "latest:" + machine, "--json")
                .expect(ExitCode.DONE)
                .json()
                .at("/snapshot/disks/" + disk + "/mode")
                .asText();
    }

    @Test
    void theyAreFrozenAtOneMomentAndTheNextNightIsIncremental() throws IOException {
        JsonNode told = backup("--json").expect(ExitCode.DONE).json();
        assertEquals(2, told.get("groupMachines").size());
        assertBothAreBackedUp();
        assertEquals(1, count("Msvm_CollectionSnapshotService.CreateSnapshot"));
        assertEquals(0, count("Msvm_VirtualSystemSnapshotService.CreateSnapshot"));
        assertEquals(1, cli.host.objects(one).size(), "expected one reference point");
        one.disks().get(1).write(5, HyperVHostCli.bytes(5000, 9));
        two.disks().get(0).write(7, HyperVHostCli.bytes(5000, 8));

        backup().expect(ExitCode.DONE);

        assertBothAreBackedUp();
        for (String machine : List.of("node1", "node2")) {
            assertEquals("incremental", mode(machine, 0));
            assertEquals("incremental", mode(machine, 1));
        }
        assertEquals(1, cli.host.objects(one).size());
        assertEquals(1, cli.host.objects(two).size());
        assertEquals(1, cli.host.groups().size(), "the group stays for the next night");
        assertEquals(0, cli.host.groupCheckpoints());
    }

    private long count(String call) {
        return cli.host.calls().stream().filter(call::equals).count();
    }

    @Test
    void aGroupThatFailsLeavesNothing() throws IOException {
        UUID foreign = cli.host.addGroup("of another product", one, two);
        cli.host.faults().refuse("CreateSnapshot", 32769, 1);
        Cli.Result refused = backup().expect(ExitCode.SOURCE_FAILED);
        assertTrue(refused.err().contains("permission denied"), refused.err());
        assertEquals(List.of(foreign), cli.host.groups());
        assertEquals(List.of(), cli.host.objects(one));

        // A disk of one machine that cannot be read: neither is committed.
        Path empty = Files.createDirectory(temp.resolve("empty"));
        Cli.Result broken = backup("--map", "D:\\VMs\\node2=" + empty).expect(ExitCode.SOURCE_FAILED);
        assertTrue(broken.err().contains("but this computer does not see it"), broken.err());
        assertTrue(broken.err().contains("together or not at all"), broken.err());
        assertEquals(List.of(foreign), cli.host.groups());
        assertEquals(0, cli.host.groupCheckpoints());
        assertEquals(List.of(), cli.host.objects(one));
        assertEquals(List.of(), cli.host.objects(two));
        assertFalse(
                Cli.run("snapshots", "-r", cli.repo).expect(ExitCode.DONE).out().contains("node"));

        backup().expect(ExitCode.DONE);
        assertBothAreBackedUp();
        assertTrue(cli.host.groups().contains(foreign));
    }

    @Test
    void aRefusedConversionCostsTheNextChangeLists() throws IOException {
        cli.host.faults().failJob("ConvertToReferencePoint", 0x80070005L, 3);
        Cli.Result night = backup().expect(ExitCode.WARNINGS);
        assertTrue(night.err().contains("could not be converted to a reference point"), night.err());
        assertBothAreBackedUp();
        assertEquals(0, cli.host.groupCheckpoints());
        assertEquals(List.of(), cli.host.objects(one));
        backup().expect(ExitCode.DONE);
        assertEquals("full", mode("node2", 1));
    }

    @Test
    void lostAnswersLeaveNothing() throws IOException {
        cli.host.faults().loseAnswer("CreateSnapshot", 1);
        backup().expect(ExitCode.SOURCE_FAILED);
        assertEquals(0, cli.host.groupCheckpoints());
        assertEquals(List.of(), cli.host.groups());
        assertEquals(List.of(), cli.host.objects(two));
        cli.host.faults().loseAnswer("ConvertToReferencePoint", 1);
        backup().expect(ExitCode.DONE);
        assertBothAreBackedUp();
        backup().expect(ExitCode.DONE);
        assertEquals("incremental", mode("node2", 1));
        assertEquals(1, cli.host.objects(one).size());
    }

    /** What a crash leaves is known to the next night of any member, and of all of them. */
    @Test
    void theCheckpointsOfAnInterruptedNightAreRemoved() throws IOException {
        backup().expect(ExitCode.DONE);
        cli.host.faults().failJob("ConvertToReferencePoint", 0x80070005L, 3);
        cli.host.faults().failJob("DestroySnapshot", 0x80070005L, 1);
        backup();
        assertEquals(1, cli.host.groupCheckpoints());
        Cli.Result next = backup().expect(ExitCode.DONE);
        assertTrue(next.out().contains("interrupted backup"), next.out());
        assertEquals(0, cli.host.groupCheckpoints());
        assertEquals(1, cli.host.objects(one).size());
    }

    @Test
    void theJanitorKnowsGroups() throws IOException {
        UUID foreign = cli.host.addGroup("of another product", one);
        backup().expect(ExitCode.DONE);
        Cli.Result shown = cleaned();
        assertTrue(shown.out().contains("group") && shown.out().contains(foreign.toString()), shown.out());
        assertEquals(2, cli.host.groups().size());
        UUID own = cli.host.groups().stream()
                .filter(id -> !id.equals(foreign))
                .findFirst()
                .orElseThrow();
        Cli.Result removed = cleaned("--group", own.toString(), "--apply");
        assertEquals(List.of(foreign), cli.host.groups(), removed.out());
    }

    private Cli.Result cleaned(String... more) {
        List<String> all = new ArrayList<>(List.of("hyperv", "clean", "-r", cli.repo, "--vm", "node1"));
        all.addAll(cli.address());
        all.addAll(List.of(more));
        return Cli.run(all.toArray()).expect(ExitCode.DONE);
    }

    /** The set belongs to other machines too, so it is not replaced by a copy of it. */
    @Test
    void aRegisteredMachineKeepsItsSet() throws IOException {
        backup().expect(ExitCode.DONE);
        Path folder = cli.host.folderHere().resolve("restored");
        Cli.Result told = cli.run(
                        "restore", "latest:node1", "--to-dir", folder.toString(), "--register", "--new-id", "--json")
                .expect(ExitCode.WARNINGS);
        assertTrue(told.err().contains("the machine keeps VHD set"), told.err());
        UUID id = UUID.fromString(told.json().get("registeredMachine").asText());
        StandInMachine made = cli.host.machine(id).orElseThrow();
        assertTrue(made.disks().get(0).files().get(0).startsWith(folder));
        assertEquals(one.disks().get(1), made.disks().get(1));
        assertTrue(Files.exists(folder.resolve("Virtual Hard Disks").resolve("cluster.vhdx")));
        one.state(3);
        System.setProperty("varve.unfinished.rollback", "true");
        Cli.Result refused = cli.run("rollback", "latest:node1", "--map", StandInHost.SHARE + "=" + cli.host.share())
                .expect(ExitCode.REFUSED);
        assertTrue(refused.err().contains("is a VHD set"), refused.err());
    }

    @Test
    void aMachineThatSharesNothingIsBackedUpAlone() throws IOException {
        Cli.Result night = cli.run("backup", "--vm", "other", "--group").expect(ExitCode.DONE);
        assertTrue(night.err().contains("backed up alone"), night.err());
        cli.run("backup", "--vm", "node1", "--group", "--read", "export").expect(ExitCode.USAGE);
        backup("--machine", "x").expect(ExitCode.USAGE);
    }

    @Test
    void aNightTakesGroupsTogether() throws IOException {
        Path job = temp.resolve("job.yaml");
        List<String> address = cli.address();
        Files.writeString(job, """
            repository: {path: TEMP/repo}
            hosts:
              - name: hv1
                address: ADDRESS
                user: USER
                password-file: TEMP/password
                fingerprint: "FINGERPRINT"
                groups: true
                map: ['D:\\VMs=TEMP/drive', '\\\\nas\\staging=SHARE']
            machines:
              - {source: hyperv, host: hv1, vms: ["*"]}
            parallel: 1
            """.replace("ADDRESS", address.get(1))
                .replace("USER", address.get(3))
                .replace("FINGERPRINT", address.get(7))
                .replace("SHARE", cli.host.share().toString())
                .replace("TEMP", temp.toString()));
        Cli.run("nightly", job).expect(ExitCode.DONE);
        assertBothAreBackedUp();
        assertEquals(1, count("Msvm_CollectionSnapshotService.CreateSnapshot"));
        assertEquals(1, count("Msvm_VirtualSystemSnapshotService.CreateSnapshot"));
    }
}
