package io.varve.adapters.hyperv.standin;

import io.varve.adapters.DiskImages;
import io.varve.adapters.file.Reader;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Import of a restored machine: planned machines, whose disks are really opened when they are validated. That the
 * configuration of a recovery checkpoint can be imported, and that unset properties of a disk's settings stay as they
 * are, is assumed.
 */
final class HostImport {
    private static final String PLANNED = "Msvm_PlannedComputerSystem";
    private static final String TELLS = "configuration of ";
    private static final long NOT_FOUND = 0x80070002L;
    private static final long EXISTS = 0x800700B7L;

    /** A machine that is not one yet. */
    private static final class Planned {
        private final UUID id;
        private final StandInMachine original;
        private final Path configuration;
        private final Map<StandInDisk, String> files = new LinkedHashMap<>();

        private Planned(UUID id, StandInMachine original, Path configuration) {
            this.id = id;
            this.original = original;
            this.configuration = configuration;
        }
    }

    private final StandInHost host;
    private final Map<UUID, Planned> all = new LinkedHashMap<>();

    HostImport(StandInHost host) {
        this.host = host;
    }

    List<CimObject> rows() {
        return all.values().stream().map(this::row).toList();
    }

    private CimObject row(Planned planned) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("CreationClassName", PLANNED);
        keys.put("Name", StandInHost.text(planned.id));
        return new CimObject(
                new CimPath(PLANNED, keys),
                CimFields.NONE
                        .with("CreationClassName", PLANNED)
                        .with("Name", StandInHost.text(planned.id))
                        .with("ElementName", planned.original.name));
    }

    List<CimObject> settings() {
        List<CimObject> rows = new ArrayList<>();
        for (Planned planned : all.values()) {
            rows.add(new CimObject(
                    CimPath.of("Msvm_VirtualSystemSettingData", "InstanceID", settingsId(planned)),
                    CimFields.NONE
                            .with("InstanceID", settingsId(planned))
                            .with("ElementName", planned.original.name)
                            .with("VirtualSystemIdentifier", StandInHost.text(planned.id))
                            .with("VirtualSystemType", "Microsoft:Hyper-V:System:Planned")));
        }
        return rows;
    }

    private static String settingsId(Planned planned) {
        return StandInHost.instanceId(planned.id);
    }

    /** The disks of a planned machine; empty for any other settings. */
    Optional<List<CimObject>> disks(String settingsId) {
        return all.values().stream()
                .filter(planned -> settingsId(planned).equals(settingsId))
                .findFirst()
                .map(planned -> planned.files.entrySet().stream()
                        .map(file -> StandInHost.storage(
                                StandInHost.diskId(planned.id, file.getKey()), "Virtual Hard Disk", file.getValue()))
                        .toList());
    }

    HostMethods.Work read(CimFields input) throws IOException {
        Path file = host.here(input.text("SystemDefinitionFile"));
        Path checkpoints = host.here(input.text("SnapshotFolder"));
        boolean isNew = input.flag("GenerateNewSystemIdentifier");
        return () -> {
            String text = Files.isRegularFile(file) ? Files.readString(file) : "";
            Optional<StandInMachine> original = host.known.stream()
                    .filter(machine -> text.equals(TELLS + machine.name))
                    .findFirst();
            if (original.isEmpty() || !Files.isDirectory(checkpoints)) {
                throw new HostMethods.JobFailed(NOT_FOUND, "no configuration: " + file);
            }
            UUID id = isNew ? UUID.randomUUID() : original.get().id;
            if (all.containsKey(id) || host.machines.containsKey(id)) {
                throw new HostMethods.JobFailed(EXISTS, "Ein virtueller Computer mit dieser ID ist vorhanden.");
            }
            Planned planned = new Planned(id, original.get(), file);
            for (StandInDisk disk : original.get().disks) {
                planned.files.put(disk, host.hostPath(disk.set().orElse(disk.layers.get(0).file)));
            }
            all.put(id, planned);
            return Optional.of(row(planned));
        };
    }

    HostMethods.Work modify(CimFields input) throws IOException {
        List<CimFields> changes = new ArrayList<>();
        for (String text : input.texts("ResourceSettings")) {
            CimFields settings = EmbeddedInstance.parse(text);
            host.violated(host.schema.faults("Msvm_StorageAllocationSettingData", settings));
            changes.add(settings);
        }
        return () -> {
            for (CimFields settings : changes) {
                String id = settings.text("InstanceID");
                String file = settings.texts("HostResource").get(0);
                boolean found = false;
                for (Planned planned : all.values()) {
                    for (StandInDisk disk : List.copyOf(planned.files.keySet())) {
                        if (StandInHost.diskId(planned.id, disk).equals(id)) {
                            planned.files.put(disk, file);
                            found = true;
                        }
                    }
                }
                if (!found) {
                    throw new HostMethods.JobFailed(NOT_FOUND, "no such disk: " + id);
                }
            }
            return Optional.empty();
        };
    }

    private Planned planned(CimFields input, String parameter) throws IOException {
        return Optional.ofNullable(all.get(
                        UUID.fromString(input.reference(parameter).orElseThrow().key("Name"))))
                .orElseThrow(() -> new HostMethods.JobFailed(NOT_FOUND, "no such planned machine"));
    }

    HostMethods.Work validate(CimFields input) {
        return () -> {
            for (String file : planned(input, "PlannedSystem").files.values()) {
                check(file);
            }
            return Optional.empty();
        };
    }

    private void check(String file) throws IOException {
        Path here = host.here(file);
        if (!Files.exists(here)) {
            throw new HostMethods.JobFailed(NOT_FOUND, "Der Anhang '" + file + "' wurde nicht gefunden.");
        }
        if (!isSet(file)) {
            DiskImages.open(here, Reader.DIRECT).close();
        }
    }

    private static boolean isSet(String file) {
        return file.endsWith(".vhds");
    }

    HostMethods.Work realize(CimFields input) {
        return () -> {
            Planned planned = planned(input, "PlannedSystem");
            for (String file : planned.files.values()) {
                check(file);
            }
            StandInMachine machine = new StandInMachine(
                    planned.original.name, planned.configuration.getParent().getParent(), planned.id);
            machine.state = 3;
            for (Map.Entry<StandInDisk, String> file : planned.files.entrySet()) {
                if (isSet(file.getValue())) {
                    machine.attach(file.getKey());
                } else {
                    machine.attach(host.here(file.getValue()), file.getKey().place);
                }
            }
            all.remove(planned.id);
            host.machines.put(machine.id, machine);
            return Optional.of(host.system(machine));
        };
    }

    HostMethods.Work destroy(CimFields input) {
        return () -> {
            UUID id = UUID.fromString(
                    input.reference("AffectedSystem").orElseThrow().key("Name"));
            if (host.machines.remove(id) == null) {
                all.remove(planned(input, "AffectedSystem").id);
            }
            return Optional.empty();
        };
    }
}
