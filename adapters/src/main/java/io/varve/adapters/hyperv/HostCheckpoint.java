package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import java.util.Optional;
import java.util.UUID;

/**
 * A checkpoint on a host.
 *
 * @param id its InstanceID, by which it is recognized
 * @param isRecovery whether it was made for a backup and not by a user
 * @param configurationFile path on the host of its configuration, if it names one
 */
public record HostCheckpoint(
        CimPath path, String id, UUID machine, String name, boolean isRecovery, Optional<String> configurationFile) {
    static final String CLASS = "Msvm_VirtualSystemSettingData";
    static final String RECOVERY = "Microsoft:Hyper-V:Snapshot:Recovery";
    static final String ANY = "Microsoft:Hyper-V:Snapshot:";

    static HostCheckpoint of(CimObject object) throws CimException {
        String type = object.fields().text("VirtualSystemType");
        Optional<String> root = object.fields().find("ConfigurationDataRoot");
        Optional<String> file = object.fields().find("ConfigurationFile").filter(name -> !name.isEmpty());
        return new HostCheckpoint(
                object.path(),
                object.fields().text("InstanceID"),
                Ids.machine(object.fields().text("VirtualSystemIdentifier")),
                object.fields().find("ElementName").orElse(""),
                type.equals(RECOVERY),
                file.map(name -> root.isPresent() ? HostPaths.join(root.get(), name) : name));
    }
}
