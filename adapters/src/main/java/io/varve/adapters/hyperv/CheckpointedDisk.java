package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import java.util.List;
import java.util.Optional;

/**
 * A disk of a checkpoint.
 *
 * @param instanceId of its Msvm_StorageAllocationSettingData; ends with controller and place, such as {@code \0\1\D}
 * @param file path on the host of its frozen file
 * @param snapshotId of a VHD set, the host's name for its frozen state; empty for any other disk
 * @param set of a VHD set whose frozen file is known, the set's own path
 */
public record CheckpointedDisk(String instanceId, String file, Optional<String> snapshotId, Optional<String> set) {
    CheckpointedDisk(String instanceId, String file) {
        this(instanceId, file, Optional.empty(), Optional.empty());
    }

    /** A VHD set by its frozen file. */
    CheckpointedDisk frozenIn(String frozen) {
        return new CheckpointedDisk(instanceId, frozen, snapshotId, Optional.of(file));
    }

    /** The file by which the host is asked what kind of disk it is. */
    String named() {
        return set.orElse(file);
    }

    static CheckpointedDisk of(CimFields row) throws CimException {
        List<String> files = row.texts("HostResource");
        String id = row.text("InstanceID");
        if (files.size() != 1) {
            throw CimException.answer(id + ": expected one file in HostResource, found " + files.size());
        }
        Optional<String> snapshot = row.find("SnapshotId").filter(text -> !text.isBlank());
        return new CheckpointedDisk(id, files.get(0), snapshot, Optional.empty());
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
