package io.varve.adapters.hyperv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.varve.adapters.hyperv.cim.Cim;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.standin.StandInHost;
import io.varve.adapters.hyperv.standin.StandInMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Imports whose end the host does not tell. The command's test has the rest. */
class MachineImportTest {
    @TempDir
    private Path temp;

    private StandInHost host;
    private StandInMachine machine;
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        host = new StandInHost(Files.createDirectories(temp.resolve("drive")));
        machine = host.addMachine("web1");
        machine.addDisk(1 << 20);
        host.remove(machine);
    }

    /** From a method on, no answer comes any more. */
    private record Silent(Cim cim, String from, AtomicBoolean isSilent) implements Cim {
        @Override
        public String host() {
            return cim.host();
        }

        private void check() throws IOException {
            if (isSilent.get()) {
                throw new IOException("the connection is gone");
            }
        }

        @Override
        public List<CimObject> query(String wql) throws IOException {
            check();
            return cim.query(wql);
        }

        @Override
        public Optional<CimObject> find(CimPath path) throws IOException {
            check();
            return cim.find(path);
        }

        @Override
        public CimFields invoke(CimPath object, String method, CimFields input) throws IOException {
            check();
            isSilent.set(method.equals(from));
            CimFields output = cim.invoke(object, method, input);
            check();
            return output;
        }

        @Override
        public void close() {}
    }

    private MachineImport importing(String silentFrom) {
        HyperV hyperV = new HyperV(new Silent(host.cim(), silentFrom, new AtomicBoolean()), Duration.ofMillis(1));
        return new MachineImport(
                hyperV,
                new ImportNote(temp.resolve("notes"), host.name()),
                new HyperVWords(notice -> {}, (code, text) -> warnings.add(text), step -> {}));
    }

    private MachineImport.Wanted wanted(String disk) {
        return new MachineImport.Wanted(
                "D:\\VMs\\web1\\Snapshots\\config.vmcx",
                "D:\\VMs\\web1\\Snapshots",
                false,
                List.of(new MachineImport.Disk(
                        Optional.of(machine.disks().get(0).id()), disk, "D:\\VMs\\web1\\disk0.vhdx")),
                Optional.empty());
    }

    @Test
    void aLostConnectionAfterRegistrationIsAnUnknownOutcome() throws IOException {
        MachineImport.UnknownEndException unknown = assertThrows(
                MachineImport.UnknownEndException.class,
                () -> importing("RealizePlannedSystem").run(wanted("disk0")));
        assertTrue(unknown.getMessage().contains("'varve hyperv list'"), unknown.getMessage());
        assertTrue(host.machine(machine.id()).isPresent());
        MachineImport next = importing("");
        next.removeLeft();
        assertTrue(next.objection(machine.id()).isPresent());
        assertEquals(List.of(), host.violations());
    }

    @Test
    void aLostConnectionBeforeItLeavesAPlannedMachineForTheNextImport() throws IOException {
        IOException failed = assertThrows(
                IOException.class, () -> importing("ValidatePlannedSystem").run(wanted("disk0")));
        assertTrue(failed.getMessage().contains("is left at the host"), failed.getMessage());
        assertEquals(1, host.plannedMachines());
        importing("").removeLeft();
        assertEquals(0, host.plannedMachines());
        assertEquals(machine.id(), importing("").run(wanted("disk0")).id());
    }

    @Test
    void aDiskThatTheSnapshotDoesNotHaveIsNotAttached() {
        IOException refused =
                assertThrows(IOException.class, () -> importing("").run(wanted("another")));
        assertTrue(refused.getMessage().contains("cannot be matched to a disk"), refused.getMessage());
        assertEquals(0, host.plannedMachines());
    }
}
