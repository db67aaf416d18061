package io.varve.tools.source;

import io.varve.adapters.hyperv.CheckpointedDisk;
import io.varve.adapters.hyperv.CommittedPoints;
import io.varve.adapters.hyperv.HyperV;
import io.varve.adapters.hyperv.ReferencePoint;
import io.varve.adapters.hyperv.VirtualMachine;
import io.varve.store.snapshot.DiskRecord;
import io.varve.store.snapshot.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Who relies on the change ids of a disk, as far as that can be found out: Windows names one id, and nobody who holds
 * any. Varve's own snapshots name theirs; a host names the reference points of a machine, whoever made them. A product
 * that asks {@code virtdisk.dll} without reference points, and Varve's other repositories, cannot be seen.
 */
public final class RctBases {
    private RctBases() {}

    /** What kind of trace it left. */
    public enum Kind {
        /** The id that Windows itself names. */
        WINDOWS,
        /** A snapshot of the repository that was given. */
        SNAPSHOT,
        /** A reference point of the host that was asked. */
        REFERENCE_POINT
    }

    /**
     * A change id that somebody may want to ask from.
     *
     * @param holder who, in words
     */
    public record Base(Kind kind, String holder, String changeId) {}

    /**
     * The ids that the newest snapshot of each machine has stored for the disk.
     *
     * @param snapshots oldest first
     */
    public static List<Base> ofSnapshots(List<Snapshot> snapshots, UUID disk) {
        Map<String, Optional<Base>> newest = new LinkedHashMap<>();
        for (Snapshot snapshot : snapshots) {
            for (DiskRecord record : snapshot.manifest().disks()) {
                if (record.guid().equals(Optional.of(disk))) {
                    String name = "machine " + snapshot.manifest().machine() + ", disk " + record.name();
                    newest.put(
                            name,
                            record.changeToken()
                                    .map(id -> new Base(
                                            Kind.SNAPSHOT, "Varve's snapshot " + snapshot.id() + " of " + name, id)));
                }
            }
        }
        return newest.values().stream().flatMap(Optional::stream).toList();
    }

    /**
     * The ids that reference points of the machines with this disk have.
     *
     * @param snapshots say which of them are Varve's, of the repository that was given; oldest first
     */
    public static List<Base> ofHost(HyperV host, UUID disk, String file, List<Snapshot> snapshots) throws IOException {
        List<Base> found = new ArrayList<>();
        for (VirtualMachine machine : host.machines()) {
            CommittedPoints committed = HyperVWiring.committed(snapshots, machine.id(), machine.name());
            for (CheckpointedDisk attached : host.liveDisks(machine.id())) {
                boolean isIt = attached.file().equalsIgnoreCase(file)
                        || host.settings(attached.file()).id().equals(Optional.of(disk));
                if (isIt) {
                    for (ReferencePoint point : host.referencePoints(machine.id())) {
                        point.changeId(attached)
                                .ifPresent(id -> found.add(
                                        new Base(Kind.REFERENCE_POINT, holder(point, machine, committed), id)));
                    }
                }
            }
        }
        return found;
    }

    private static String holder(ReferencePoint point, VirtualMachine machine, CommittedPoints committed) {
        String whose = committed.all().contains(point.id())
                ? "Varve's"
                : "another product's, or Varve's from another repository";
        return "reference point " + point.id() + " of machine " + machine.name() + " (" + whose + ")";
    }
}
