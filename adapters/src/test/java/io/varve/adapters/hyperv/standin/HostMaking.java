package io.varve.adapters.hyperv.standin;

import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.CimValue;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import io.varve.adapters.vhdx.write.NewVhdx;
import io.varve.adapters.vhdx.write.VhdxTarget;
import io.varve.engine.port.DiskTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Makes machines and disks. */
final class HostMaking {
    private static final int DISK = 31;
    private static final int FILE_NOT_FOUND = 32779;
    private static final int BLOCK = 1 << 20;

    private final StandInHost host;
    private final HostMethods methods;

    HostMaking(StandInHost host, HostMethods methods) {
        this.host = host;
        this.methods = methods;
    }

    CimFields define(CimFields input) throws IOException {
        CimFields settings = EmbeddedInstance.parse(input.text("SystemSettings"));
        host.violated(host.schema.faults("Msvm_VirtualSystemSettingData", settings));
        Path folder = host.here(settings.text("ConfigurationDataRoot"));
        return methods.job("DefineSystem", () -> {
            StandInMachine machine = new StandInMachine(settings.text("ElementName"), folder, UUID.randomUUID());
            machine.state(3);
            host.machines.put(machine.id, machine);
            return Optional.of(host.system(machine));
        });
    }

    CimFields makeDisk(CimFields input) throws IOException {
        CimFields settings = EmbeddedInstance.parse(input.text("VirtualDiskSettingData"));
        host.violated(host.schema.faults("Msvm_VirtualHardDiskSettingData", settings));
        Path file = host.here(settings.text("Path"));
        if (!Files.isDirectory(file.getParent())) {
            return CimFields.NONE.with("ReturnValue", FILE_NOT_FOUND);
        }
        NewVhdx shape = NewVhdx.ofSize(settings.number("MaxInternalSize")).withBlockSize(BLOCK);
        return methods.job("CreateVirtualHardDisk", () -> {
            try (DiskTarget target = VhdxTarget.create(file, shape, false)) {
                target.commit();
            }
            return Optional.empty();
        });
    }

    CimFields add(CimFields input) throws IOException {
        CimFields resource =
                EmbeddedInstance.parse(input.texts("ResourceSettings").get(0));
        boolean isDisk = resource.number("ResourceType") == DISK;
        String className = isDisk ? "Msvm_StorageAllocationSettingData" : "Msvm_ResourceAllocationSettingData";
        host.violated(host.schema.faults(className, resource));
        String owner = input.reference("AffectedConfiguration").orElseThrow().key("InstanceID");
        StandInMachine machine = host.machines.values().stream()
                .filter(each -> StandInHost.instanceId(each.id).equals(owner))
                .findFirst()
                .orElseThrow();
        if (isDisk) {
            machine.attach(host.here(resource.texts("HostResource").get(0)), 0);
        }
        CimPath path = CimPath.of(className, "InstanceID", owner + "\\" + UUID.randomUUID());
        return CimFields.NONE
                .with("ReturnValue", 0)
                .with("ResultingResourceSettings", List.of(new CimValue.Reference(path)));
    }
}
