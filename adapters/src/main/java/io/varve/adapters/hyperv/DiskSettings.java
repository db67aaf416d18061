package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import java.util.Optional;
import java.util.UUID;

/**
 * What the host says of a disk file.
 *
 * @param id VirtualDiskId, which survives moving and renaming; empty for a VHD
 * @param size bytes of the virtual disk
 * @param isSet whether it is a VHD set, shared by several machines
 */
public record DiskSettings(Optional<UUID> id, long size, Optional<String> parent, boolean isSet) {
    private static final int VHD_SET = 4;

    static DiskSettings of(CimFields instance) throws CimException {
        Optional<String> id = instance.find("VirtualDiskId").filter(text -> !text.isBlank());
        return new DiskSettings(
                id.isPresent() ? Optional.of(Ids.disk(id.get())) : Optional.empty(),
                instance.number("MaxInternalSize"),
                instance.find("ParentPath").filter(text -> !text.isBlank()),
                instance.find("Format").isPresent() && instance.number("Format") == VHD_SET);
    }
}
