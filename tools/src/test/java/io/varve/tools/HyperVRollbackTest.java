package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.hyperv.standin.StandInDisk;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disks of a machine of the stand-in host are put back to the state of a snapshot. */
class HyperVRollbackTest {
    private static final int SIZE = 4 << 20;
    private static final int OFF = 3;
    private static final int RUNNING = 2;

    @TempDir
    private Path temp;

    private HyperVHostCli cli;
    private StandInMachine machine;
    private final List<byte[]> wanted = new ArrayList<>();
    private String snapshot;

    @BeforeEach
    void start() throws IOException {
        System.setProperty("varve.unfinished.rollback", "true");
        cli = new HyperVHostCli(temp);
        machine = cli.host.addMachine("web1");
        for (int i = 0; i < 2; i++) {
            machine.addDisk(SIZE).write(i << 20, HyperVHostCli.bytes(300_000, 1 + i));
            wanted.add(machine.disks().get(i).content());
        }
        cli.run("backup", "--vm", "web1").expect(ExitCode.DONE);
        snapshot = latest();
        machine.disks().get(0).write(100_000, HyperVHostCli.bytes(20_000, 8));
        machine.disks().get(1).write(3 << 20, HyperVHostCli.bytes(200_000, 9));
        machine.state(OFF);
    }

    @AfterEach
    void stop() {
        System.clearProperty("varve.unfinished.rollback");
        cli.close();
        assertEquals(List.of(), cli.host.violations());
    }

    private String latest() throws IOException {
        return Cli.run("show", "-r", cli.repo, "latest", "--json")
                .expect(ExitCode.DONE)
                .json()
                .at("/snapshot/id")
                .asText();
    }

    private Cli.Result rollback(String... more) {
        List<String> all = new ArrayList<>(List.of(snapshot));
        all.addAll(List.of(more));
        return cli.run("rollback", all.toArray(String[]::new));
    }

    private void assertRolledBack() throws IOException {
        for (int i = 0; i < 2; i++) {
            StandInDisk disk = machine.disks().get(i);
            assertEquals(1, disk.files().size());
            assertArrayEquals(wanted.get(i), HyperVHostCli.content(disk.files().get(0)));
        }
    }

    private byte[] file(int disk) throws IOException {
        return HyperVHostCli.content(machine.disks().get(disk).files().get(0));
    }

    @Test
    void itIsNotReleased() throws IOException {
        byte[] before = file(0);
        System.clearProperty("varve.unfinished.rollback");
        assertTrue(rollback().expect(ExitCode.USAGE).err().contains("not released yet"));
        assertArrayEquals(before, file(0));
    }

    @Test
    void onlyWhatDiffersIsWrittenAndTheNextNightIsFull() throws IOException {
        byte[] after = machine.disks().get(1).content();
        JsonNode told = rollback("--json").expect(ExitCode.DONE).json();
        assertRolledBack();
        assertTrue(told.get("applied").asBoolean());
        long written = told.at("/rolledBackDisks/0/writtenBytes").asLong();
        assertTrue(written > 0 && written <= 128 << 10, told.toString());
        // What was there before is a snapshot, taken by the change list.
        String safety = told.get("safetySnapshotId").asText();
        assertEquals(safety, latest());
        assertArrayEquals(after, cli.latest("disk1"));
        assertEquals(List.of(), cli.host.objects(machine), "reference points that nobody may ask any more");

        for (StandInDisk disk : machine.disks()) {
            disk.open(); // as the machine starts
        }
        machine.state(RUNNING);
        machine.disks().get(0).write(5, new byte[] {1, 2, 3});
        JsonNode night = cli.run("backup", "--vm", "web1", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals("full", night.at("/disks/0/mode").asText(), night.toString());
        assertTrue(night.toString().contains("rolled-back"), night.toString());
        assertArrayEquals(machine.disks().get(0).content(), cli.latest("disk0"));
        JsonNode next = cli.run("backup", "--vm", "web1", "--json")
                .expect(ExitCode.DONE)
                .json();
        assertEquals("incremental", next.at("/disks/0/mode").asText(), next.toString());
    }

    @Test
    void withoutABackupAllOfTheDisksIsCompared() throws IOException {
        Cli.Result told = rollback("--no-safety-backup").expect(ExitCode.DONE);
        assertTrue(told.out().contains("after comparing all of it"), told.out());
        assertRolledBack();
        assertEquals(snapshot, latest());
    }

    @Test
    void aChangeThatTheListOmittedIsFoundByComparing() throws IOException {
        cli.host.faults().omitFromLists(true);
        rollback("--compare").expect(ExitCode.WARNINGS); // the audit finds it, too
        assertRolledBack();
    }

    @Test
    void aMachineThatIsNotOffIsRefused() throws IOException {
        byte[] before = file(0);
        for (int state : new int[] {RUNNING, 32769}) {
            machine.state(state);
            Cli.Result refused = rollback().expect(ExitCode.REFUSED);
            assertTrue(refused.err().contains("must be off for a rollback"), refused.err());
        }
        assertArrayEquals(before, file(0));
        assertEquals(snapshot, latest(), "was backed up before it was refused");
    }

    @Test
    void checkpointsAndOtherDisksAreRefused() throws IOException {
        String id = cli.host.freeze(machine, false);
        Cli.Result refused = rollback().expect(ExitCode.REFUSED);
        assertTrue(refused.err().contains("has checkpoints"), refused.err());
        cli.host.removeCheckpoint(machine, id);
        machine.disks().get(0).resize(SIZE + (1 << 20));
        assertTrue(rollback().expect(ExitCode.REFUSED).err().contains("resized"));
        rollback("--disk", "disk1").expect(ExitCode.DONE);
        assertArrayEquals(wanted.get(1), file(1));
        machine.removeDisk(machine.disks().get(0));
        assertTrue(rollback().expect(ExitCode.REFUSED).err().contains("no longer has disk"));
    }

    @Test
    void anotherFileAtTheMappedPlaceIsNotTouched() throws IOException {
        Path file = machine.disks().get(0).files().get(0);
        Path other = machine.disks().get(1).files().get(0);
        byte[] bytes = Files.readAllBytes(other);
        Path elsewhere = Files.createDirectories(temp.resolve("elsewhere").resolve("web1"));
        Files.copy(other, elsewhere.resolve(file.getFileName()));
        Files.copy(file, elsewhere.resolve(other.getFileName()));
        List<Object> all = new ArrayList<>(List.of("hyperv", "rollback", "-r", cli.repo, snapshot));
        all.addAll(cli.address());
        all.addAll(List.of("--no-safety-backup", "--map", "D:\\VMs=" + temp.resolve("elsewhere")));
        Cli.Result refused = Cli.run(all.toArray()).expect(ExitCode.TARGET_FAILED);
        assertTrue(refused.err().contains("it is another file"), refused.err());
        assertArrayEquals(bytes, Files.readAllBytes(elsewhere.resolve(file.getFileName())));
    }

    @Test
    void aDryRunChangesNothing() throws IOException {
        byte[] before = file(0);
        Cli.Result shown = rollback("--dry-run").expect(ExitCode.DONE);
        assertTrue(shown.out().contains("would roll back disk disk0"), shown.out());
        assertArrayEquals(before, file(0));
        assertEquals(1, cli.host.objects(machine).size());
    }

    /** The machine starts when the first disk is written and the second is not. */
    @Test
    void whatWasInterruptedIsHalfRolledBackUntilItIsFinished() throws IOException {
        byte[] now = machine.disks().get(1).content();
        cli.host.startAfter(machine, 6);
        Cli.Result failed = rollback("--no-safety-backup").expect(ExitCode.TARGET_FAILED);
        assertTrue(failed.err().contains("Turn it off at once"), failed.err());
        assertTrue(failed.err().contains("half rolled back"), failed.err());
        assertArrayEquals(wanted.get(0), file(0));
        assertArrayEquals(now, file(1));
        Cli.Result backup = cli.run("backup", "--vm", "web1").expect(ExitCode.SOURCE_FAILED);
        assertTrue(backup.err().contains("half rolled back"), backup.err());
        assertEquals(snapshot, latest());
        machine.state(OFF);
        assertTrue(rollback("--disk", "disk0").expect(ExitCode.USAGE).err().contains("must include"));

        Cli.Result finished = rollback().expect(ExitCode.DONE);
        assertTrue(finished.err().contains("completes it"), finished.err());
        assertRolledBack();
        machine.disks().get(0).open();
        machine.disks().get(1).open();
        cli.run("backup", "--vm", "web1").expect(ExitCode.DONE);
        assertArrayEquals(wanted.get(1), cli.latest("disk1"));
    }

    /** As before, with a snapshot of the disks as they were; that one may be what they become in the end. */
    @Test
    void aHalfRollbackCanBeUndone() throws IOException {
        byte[] now = machine.disks().get(0).content();
        cli.host.startAfter(machine, 9);
        Cli.Result failed = rollback().expect(ExitCode.TARGET_FAILED);
        assertTrue(failed.err().contains("the disks as they were"), failed.err());
        machine.state(OFF);
        String safety = latest();
        assertTrue(!safety.equals(snapshot));
        cli.run("rollback", safety).expect(ExitCode.DONE);
        assertArrayEquals(now, file(0));
        assertArrayEquals(machine.disks().get(1).content(), file(1));
    }
}
