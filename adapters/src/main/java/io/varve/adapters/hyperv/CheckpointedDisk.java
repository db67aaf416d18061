package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import java.util.List;

/**
 * A disk of a checkpoint.
 *
 * @param instanceId of its Msvm_StorageAllocationSettingData; ends with controller and place, such as {@code \0\1\D}
 * @param file path on the host of its frozen file
 */
public record CheckpointedDisk(String instanceId, String file) {
    static CheckpointedDisk of(CimFields row) throws CimException {
        List<String> files = row.texts("HostResource");
        String id = row.text("InstanceID");
        if (files.size() != 1) {
            throw CimException.answer(id + ": expected one file in HostResource, found " + files.size());
        }
        return new CheckpointedDisk(id, files.get(0));
    }

    /** Controller and place, which the live machine and its checkpoints have in common. */
    String place() {
        return place(instanceId);
    }

    static String place(String instanceId) {
        String[] parts = instanceId.split("\\\\");
        int from = Math.max(0, parts.length - 4);
        return String.join("\\", List.of(parts).subList(from, parts.length));
    }
}
