package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.store.fault.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A moment that change tracking remembers.
 *
 * @param id its InstanceID, by which it is recognized
 * @param type 1 by log, 2 by resilient change tracking
 * @param isApplicationConsistent whether the guest had frozen its applications
 * @param disks InstanceIDs of the machine's disks
 * @param changeIds of each disk in {@code disks}, in the same order
 */
public record ReferencePoint(
        CimPath path,
        String id,
        UUID machine,
        long type,
        boolean isApplicationConsistent,
        List<String> disks,
        List<String> changeIds) {
    static final String CLASS = "Msvm_VirtualSystemReferencePoint";
    private static final int TRACKING = 2;
    private static final String APPLICATION = "1";

    public ReferencePoint {
        disks = List.copyOf(disks);
        changeIds = List.copyOf(changeIds);
    }

    static ReferencePoint of(CimObject object) throws CimException {
        return new ReferencePoint(
                object.path(),
                object.fields().text("InstanceID"),
                Ids.machine(object.fields().text("VirtualSystemIdentifier")),
                object.fields().find("ReferencePointType").isPresent()
                        ? object.fields().number("ReferencePointType")
                        : 0,
                object.fields().find("ConsistencyLevel").orElse("").strip().equals(APPLICATION),
                object.fields().texts("VirtualDiskIdentifiers"),
                object.fields().texts("ResilientChangeTrackingIdentifiers"));
    }

    /** Why it cannot be the base of a change list; empty when it can. */
    Optional<String> fault() {
        if (type != TRACKING) {
            return Optional.of("it is of type " + type + ", expected " + TRACKING);
        }
        if (disks.size() != changeIds.size()) {
            return Optional.of(
                    "it names " + Count.of(disks.size(), "disk") + " and " + Count.of(changeIds.size(), "change id"));
        }
        if (disks.stream().map(CheckpointedDisk::place).distinct().count() != disks.size()) {
            return Optional.of("it names two disks at one place");
        }
        return Optional.empty();
    }

    /**
     * The change id of a disk, by the disk's InstanceID, or by controller and place where the InstanceID is that of
     * another checkpoint. Empty when it has none, or several would fit.
     */
    public Optional<String> changeId(CheckpointedDisk disk) {
        if (fault().isPresent()) {
            return Optional.empty();
        }
        int exact = disks.indexOf(disk.instanceId());
        if (exact >= 0) {
            return nonEmpty(changeIds.get(exact));
        }
        List<String> found = new ArrayList<>();
        for (int i = 0; i < disks.size(); i++) {
            if (CheckpointedDisk.place(disks.get(i)).equals(disk.place())) {
                found.add(changeIds.get(i));
            }
        }
        return found.size() == 1 ? nonEmpty(found.get(0)) : Optional.empty();
    }

    private static Optional<String> nonEmpty(String id) {
        return id.isBlank() ? Optional.empty() : Optional.of(id);
    }
}
