package io.varve.tools;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.adapters.hyperv.standin.StandInMachine;
import io.varve.tools.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restored machine becomes a machine of the stand-in host. */
class HyperVRegisterTest {
    private static final int SIZE = 2 << 20;

    @TempDir
    private Path temp;

    private HyperVHostCli cli;
    private StandInMachine machine;
    private byte[] first;
    private byte[] second;

    @BeforeEach
    void start() throws IOException {
        cli = new HyperVHostCli(temp);
        machine = cli.host.addMachine("web1");
        machine.addDisk(SIZE).write(0, HyperVHostCli.bytes(100_000, 1));
        machine.addDisk(SIZE).write(1 << 20, HyperVHostCli.bytes(70_000, 2));
        first = machine.disks().get(0).content();
        second = machine.disks().get(1).content();
        cli.run("backup", "--vm", "web1").expect(ExitCode.DONE);
    }

    @AfterEach
    void stop() {
        cli.close();
        assertEquals(List.of(), cli.host.violations());
    }

    private Path folder() {
        return cli.host.folderHere().resolve("restored");
    }

    private Cli.Result register(String... more) {
        String[] all = new String[more.length + 4];
        all[0] = "latest";
        all[1] = "--to-dir";
        all[2] = folder().toString();
        all[3] = "--register";
        System.arraycopy(more, 0, all, 4, more.length);
        return cli.run("restore", all);
    }

    private void assertFilesAreLeft() throws IOException {
        assertArrayEquals(
                second,
                HyperVHostCli.content(folder().resolve("Virtual Hard Disks").resolve("disk1.vhdx")));
        assertTrue(Files.exists(folder().resolve("Virtual Machines").resolve("config.vmcx")));
    }

    @Test
    void aRemovedMachineIsThereAgain() throws IOException {
        cli.host.remove(machine);
        JsonNode told = register("--json").expect(ExitCode.DONE).json();
        assertEquals(machine.id().toString(), told.get("registeredMachine").asText());
        StandInMachine again = cli.host.machine(machine.id()).orElseThrow();
        assertArrayEquals(first, again.disks().get(0).content());
        assertArrayEquals(second, again.disks().get(1).content());
        assertTrue(again.disks().get(1).files().get(0).startsWith(folder()));
        assertEquals(3, again.state(), "it was started");
        assertEquals(0, cli.host.plannedMachines());
        // It is backed up like any other; the disks have no base any more.
        again.disks().get(1).write(5, new byte[] {9, 9});
        JsonNode night = cli.run("backup", "--vm", "web1", "--json")
                .expect(ExitCode.WARNINGS)
                .json();
        assertEquals("demoted", night.at("/disks/1/mode").asText(), night.toString());
        assertArrayEquals(again.disks().get(1).content(), cli.latest("disk1"));
    }

    @Test
    void aMachineThatIsThereIsNotReplaced() throws IOException {
        Cli.Result refused = register().expect(ExitCode.REFUSED);
        assertTrue(refused.err().contains("--new-id"), refused.err());
        assertFalse(Files.exists(folder()), "restored before it was refused");
        JsonNode told = register("--new-id", "--json").expect(ExitCode.DONE).json();
        UUID id = UUID.fromString(told.get("registeredMachine").asText());
        assertNotEquals(machine.id(), id);
        StandInMachine copy = cli.host.machine(id).orElseThrow();
        copy.disks().get(0).write(0, new byte[] {8});
        assertArrayEquals(first, machine.disks().get(0).content());
    }

    @Test
    void whatTheHostRefusesLeavesNothingThere() throws IOException {
        cli.host.remove(machine);
        for (String method : List.of("ModifyResourceSettings", "ValidatePlannedSystem", "RealizePlannedSystem")) {
            cli.host.faults().failJob(method, 0x80070005L, 1);
            Cli.Result refused = register().expect(ExitCode.TARGET_FAILED);
            assertTrue(refused.err().contains(method), refused.err());
            assertTrue(refused.err().contains("0x80070005"), refused.err());
            assertTrue(refused.err().contains("the planned machine was removed"), refused.err());
            assertTrue(refused.err().contains("are left in " + folder()), refused.err());
            assertEquals(0, cli.host.plannedMachines());
            assertTrue(cli.host.machine(machine.id()).isEmpty());
            assertFilesAreLeft();
            delete(folder());
        }
        cli.host.faults().refuse("ImportSystemDefinition", 32769, 1);
        assertTrue(register().expect(ExitCode.TARGET_FAILED).err().contains("permission denied"));
        assertFilesAreLeft();
    }

    @Test
    void whatCannotBeRemovedIsRemovedByTheNextImport() throws IOException {
        cli.host.remove(machine);
        cli.host.faults().failJob("ValidatePlannedSystem", 0x80070002L, 1);
        cli.host.faults().failJob("DestroySystem", 0x80070005L, 1);
        Cli.Result refused = register().expect(ExitCode.TARGET_FAILED);
        assertTrue(refused.err().contains("is left at the host"), refused.err());
        assertEquals(1, cli.host.plannedMachines());
        delete(folder());
        Cli.Result again = register().expect(ExitCode.DONE);
        assertTrue(again.out().contains("removing the planned machine of an interrupted import"), again.out());
        assertEquals(0, cli.host.plannedMachines());
        assertTrue(cli.host.machine(machine.id()).isPresent());
    }

    @Test
    void anAnswerThatIsLostAfterRegistrationIsLookedUp() throws IOException {
        cli.host.remove(machine);
        cli.host.faults().loseAnswer("RealizePlannedSystem", 1);
        Cli.Result told = register().expect(ExitCode.DONE);
        assertTrue(told.err().contains("but it has the machine"), told.err());
        assertTrue(cli.host.machine(machine.id()).isPresent());
    }

    @Test
    void aFolderThatTheHostDoesNotSeeIsRefusedBeforeAnythingIsRestored() {
        cli.host.remove(machine);
        Cli.Result refused = cli.run(
                        "restore",
                        "latest",
                        "--register",
                        "--to-dir",
                        temp.resolve("elsewhere").toString())
                .expect(ExitCode.USAGE);
        assertTrue(refused.err().contains("--map"), refused.err());
        assertFalse(Files.exists(temp.resolve("elsewhere")));
        Cli.run("hyperv", "restore", "-r", cli.repo, "latest", "--to-dir", folder(), "--new-id")
                .expect(ExitCode.USAGE);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
