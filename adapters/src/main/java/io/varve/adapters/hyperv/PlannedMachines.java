package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The verbs of an import: a configuration becomes a planned machine, which can be changed and judged before it becomes
 * a machine. Threading: as {@link HyperV}.
 *
 * <p>Source: Msvm_VirtualSystemManagementService and Msvm_PlannedComputerSystem.
 */
final class PlannedMachines {
    private static final String CLASS = "Msvm_PlannedComputerSystem";
    private static final String TYPE = "Microsoft:Hyper-V:System:Planned";
    private static final Duration LIMIT = Duration.ofMinutes(15);

    private final HyperV host;

    PlannedMachines(HyperV host) {
        this.host = host;
    }

    /** A machine that is not one yet. */
    record Planned(CimPath path, UUID id, String name) {
        private static Planned of(CimObject object) throws CimException {
            return new Planned(
                    object.path(),
                    Ids.machine(object.fields().text("Name")),
                    object.fields().find("ElementName").orElse(""));
        }
    }

    /**
     * A disk of a planned machine.
     *
     * @param row its settings, as they are sent back
     */
    record PlannedDisk(CheckpointedDisk disk, CimFields row) {}

    List<Planned> all() throws IOException {
        synchronized (host) {
            List<Planned> all = new ArrayList<>();
            for (CimObject object : host.cim().query("SELECT * FROM " + CLASS)) {
                all.add(Planned.of(object));
            }
            return all;
        }
    }

    /**
     * Reads a configuration.
     *
     * @param file path on the host of the configuration
     * @param checkpoints path on the host of the folder with the configurations of its checkpoints
     * @param isNew whether the machine gets another GUID
     * @throws HostJobs.UnknownEndException when a planned machine may exist
     */
    Planned read(String file, String checkpoints, boolean isNew) throws IOException {
        synchronized (host) {
            CimFields input = CimFields.NONE
                    .with("SystemDefinitionFile", file)
                    .with("SnapshotFolder", checkpoints)
                    .with("GenerateNewSystemIdentifier", Boolean.toString(isNew));
            HostJobs.Done done = host.jobs().call(service(), "ImportSystemDefinition", input, LIMIT);
            return Planned.of(host.made(done, "ImportedSystem", CLASS, object -> true));
        }
    }

    /** Its virtual hard disks, with the files that they name. */
    List<PlannedDisk> disks(Planned planned) throws IOException {
        synchronized (host) {
            List<PlannedDisk> disks = new ArrayList<>();
            for (CimObject row : host.hardDisks(settings(planned))) {
                disks.add(new PlannedDisk(CheckpointedDisk.of(row.fields()), row.fields()));
            }
            return disks;
        }
    }

    private CimPath settings(Planned planned) throws IOException {
        for (CimObject settings : host.settingsOf(planned.id())) {
            if (settings.fields().text("VirtualSystemType").equals(TYPE)) {
                return settings.path();
            }
        }
        throw CimException.answer(host.host() + ": planned machine " + planned.id() + " has no settings");
    }

    /** Lets a disk name another file. What is not sent stays as it is. */
    void attach(PlannedDisk planned, String file) throws IOException {
        synchronized (host) {
            EmbeddedInstance settings = new EmbeddedInstance(HyperV.STORAGE)
                    .text("InstanceID", planned.disk().instanceId())
                    .number("ResourceType", "uint16", planned.row().number("ResourceType"))
                    .text("ResourceSubType", planned.row().text("ResourceSubType"));
            Optional<String> parent = planned.row().find("Parent");
            if (parent.isPresent()) {
                settings.text("Parent", parent.get());
            }
            settings.texts("HostResource", List.of(file));
            CimFields input = CimFields.NONE.withTexts("ResourceSettings", List.of(settings.xml()));
            host.jobs().call(service(), "ModifyResourceSettings", input, LIMIT);
        }
    }

    /** @throws HyperVException when the host would not make a machine of it, with the host's reasons */
    void validate(Planned planned) throws IOException {
        call("ValidatePlannedSystem", "PlannedSystem", planned);
    }

    /**
     * Makes it a machine.
     *
     * @throws HostJobs.UnknownEndException when it may be one
     */
    void realize(Planned planned) throws IOException {
        call("RealizePlannedSystem", "PlannedSystem", planned);
    }

    /** Removes it. The files that it names stay. */
    void destroy(Planned planned) throws IOException {
        call("DestroySystem", "AffectedSystem", planned);
    }

    private void call(String method, String parameter, Planned planned) throws IOException {
        synchronized (host) {
            host.jobs().call(service(), method, CimFields.NONE.with(parameter, planned.path()), LIMIT);
        }
    }

    private CimPath service() throws IOException {
        return host.jobs().service(HyperV.MANAGEMENT);
    }

    /** Those that are not in a list of earlier ones. */
    List<Planned> since(List<UUID> before) throws IOException {
        return all().stream().filter(planned -> !before.contains(planned.id())).toList();
    }

    /** Whether a machine is realized. */
    boolean isMachine(UUID id) throws IOException {
        return host.machines().stream().anyMatch(machine -> machine.id().equals(id));
    }
}
