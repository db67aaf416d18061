package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.CimValue;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The verbs that make a small machine and remove it. Threading: as {@link HyperV}.
 *
 * <p>Source: Msvm_VirtualSystemManagementService and Msvm_ImageManagementService.
 */
final class MachineMaking {
    private static final String RESOURCES = "Msvm_ResourceAllocationSettingData";
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int CONTROLLER = 6;
    private static final int DRIVE = 17;
    private static final int DISK = 31;
    private static final int VHDX = 3;
    private static final int DYNAMIC = 3;

    private final HyperV host;

    MachineMaking(HyperV host) {
        this.host = host;
    }

    /** A machine without devices, off. */
    UUID define(String name, String folder) throws IOException {
        synchronized (host) {
            String settings = new EmbeddedInstance("Msvm_VirtualSystemSettingData")
                    .text("ElementName", name)
                    .text("ConfigurationDataRoot", folder)
                    .text("SnapshotDataRoot", folder)
                    .text("VirtualSystemSubType", "Microsoft:Hyper-V:SubType:2")
                    .xml();
            HostJobs.Done done = call("DefineSystem", CimFields.NONE.with("SystemSettings", settings));
            CimObject made = host.made(done, "ResultingSystem", "Msvm_ComputerSystem", object -> true);
            return Ids.machine(made.fields().text("Name"));
        }
    }

    void makeDisk(String file, long size) throws IOException {
        synchronized (host) {
            String settings = new EmbeddedInstance("Msvm_VirtualHardDiskSettingData")
                    .text("Path", file)
                    .number("Type", "uint16", DYNAMIC)
                    .number("Format", "uint16", VHDX)
                    .number("MaxInternalSize", "uint64", size)
                    .xml();
            host.jobs()
                    .call(
                            host.jobs().service("Msvm_ImageManagementService"),
                            "CreateVirtualHardDisk",
                            CimFields.NONE.with("VirtualDiskSettingData", settings),
                            LIMIT);
        }
    }

    /** Gives a machine a controller, a drive, and a disk in it. */
    void attach(UUID machine, String file) throws IOException {
        synchronized (host) {
            CimPath settings = host.live(machine);
            CimPath controller = add(
                    settings,
                    resource(CONTROLLER, "Microsoft:Hyper-V:Synthetic SCSI Controller")
                            .xml());
            CimPath drive = add(
                    settings,
                    resource(DRIVE, "Microsoft:Hyper-V:Synthetic Disk Drive")
                            .text("Parent", controller.text(host.host()))
                            .text("AddressOnParent", "0")
                            .xml());
            add(
                    settings,
                    new EmbeddedInstance(HyperV.STORAGE)
                            .number("ResourceType", "uint16", DISK)
                            .text("ResourceSubType", "Microsoft:Hyper-V:Virtual Hard Disk")
                            .text("Parent", drive.text(host.host()))
                            .texts("HostResource", List.of(file))
                            .xml());
        }
    }

    private static EmbeddedInstance resource(int type, String subType) {
        return new EmbeddedInstance(RESOURCES)
                .number("ResourceType", "uint16", type)
                .text("ResourceSubType", subType);
    }

    private CimPath add(CimPath settings, String resource) throws IOException {
        CimFields input =
                CimFields.NONE.with("AffectedConfiguration", settings).withTexts("ResourceSettings", List.of(resource));
        List<CimValue> made = call("AddResourceSettings", input).output().values("ResultingResourceSettings");
        if (made.size() != 1 || !(made.get(0) instanceof CimValue.Reference reference)) {
            throw CimException.answer(
                    host.host() + ": AddResourceSettings: expected the path of what was added, found " + made);
        }
        return reference.path();
    }

    /** Removes a machine that is off. Its disks' files stay. */
    void remove(UUID machine) throws IOException {
        synchronized (host) {
            call("DestroySystem", CimFields.NONE.with("AffectedSystem", host.system(machine)));
        }
    }

    private HostJobs.Done call(String method, CimFields input) throws IOException {
        return host.jobs().call(host.jobs().service(HyperV.MANAGEMENT), method, input, LIMIT);
    }
}
