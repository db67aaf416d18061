package io.varve.adapters.hyperv;

import io.varve.adapters.hyperv.cim.CimException;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import io.varve.adapters.hyperv.cim.Wql;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The verbs of a group of machines, which a host calls a collection: their checkpoints are taken together. Threading:
 * as {@link HyperV}.
 *
 * <p>Source: Msvm_CollectionManagementService and Msvm_CollectionSnapshotService. That the settings of a machine's
 * checkpoint are those of a collection's too is assumed; no class of its own is documented.
 */
final class HostCollections {
    private static final String MANAGEMENT = "Msvm_CollectionManagementService";
    private static final String SNAPSHOTS = "Msvm_CollectionSnapshotService";
    private static final String CLASS = "Msvm_VirtualSystemCollection";
    private static final String SNAPSHOT_CLASS = "Msvm_SnapshotCollection";
    private static final String POINT_CLASS = "Msvm_ReferencePointCollection";
    private static final String ID = "CollectionID";
    private static final Duration LIMIT = Duration.ofMinutes(15);

    /** Of machines, and not of collections. */
    private static final int OF_MACHINES = 0;

    /** Numbers differ from those of single machines. */
    private static final int RECOVERY = 2;

    private static final int APPLICATION = 1;
    private static final int CRASH = 2;
    private static final int COPY_BACKUP = 2;

    private final HyperV host;

    HostCollections(HyperV host) {
        this.host = host;
    }

    /** A group of machines at the host. */
    record Group(CimPath path, UUID id) {
        /** Whether a repository's backups made it: its id follows from its members then. */
        boolean isOf(UUID repository, List<UUID> members) {
            return id.equals(idOf(repository, members));
        }
    }

    /** Checkpoints that were taken together. */
    record Together(CimPath path, Map<UUID, HostCheckpoint> checkpoints) {}

    /** The id of a repository's collection of these machines. */
    static UUID idOf(UUID repository, List<UUID> machines) {
        String text = "varve group " + repository + " "
                + new TreeSet<>(machines.stream().map(UUID::toString).toList());
        return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Groups that a machine is in. */
    List<Group> of(UUID machine) throws IOException {
        synchronized (host) {
            List<Group> groups = new ArrayList<>();
            for (CimObject object : host.cim()
                    .query("ASSOCIATORS OF {"
                            + host.system(machine).relative()
                            + "} WHERE AssocClass=Msvm_CollectedVirtualSystems ResultClass=" + CLASS)) {
                groups.add(group(object));
            }
            return groups;
        }
    }

    private static Group group(CimObject object) throws CimException {
        return new Group(object.path(), Ids.machine(object.fields().text(ID)));
    }

    List<UUID> members(Group group) throws IOException {
        synchronized (host) {
            List<UUID> members = new ArrayList<>();
            for (CimObject object : host.cim()
                    .query("ASSOCIATORS OF {" + group.path().relative()
                            + "} WHERE AssocClass=Msvm_CollectedVirtualSystems ResultClass=Msvm_ComputerSystem")) {
                members.add(Ids.machine(object.fields().text("Name")));
            }
            return members;
        }
    }

    Optional<Group> find(UUID id) throws IOException {
        synchronized (host) {
            List<CimObject> found =
                    host.cim().query("SELECT * FROM " + CLASS + " WHERE " + ID + "=" + Wql.literal(Ids.text(id)));
            return found.isEmpty() ? Optional.empty() : Optional.of(group(found.get(0)));
        }
    }

    /** Checkpoints of a group that were taken together and are still there. */
    List<CimPath> checkpoints(Group group) throws IOException {
        synchronized (host) {
            return host
                    .cim()
                    .query("ASSOCIATORS OF {" + group.path().relative()
                            + "} WHERE AssocClass=Msvm_SnapshotOfVirtualSystemCollection ResultClass="
                            + SNAPSHOT_CLASS)
                    .stream()
                    .map(CimObject::path)
                    .toList();
        }
    }

    /** Makes a group of these machines. */
    Group define(UUID id, String name, List<UUID> machines) throws IOException {
        synchronized (host) {
            host.jobs()
                    .call(
                            host.jobs().service(MANAGEMENT),
                            "DefineCollection",
                            CimFields.NONE
                                    .with("Name", name)
                                    .with("Id", Ids.text(id))
                                    .with("Type", OF_MACHINES),
                            LIMIT);
            Group group = find(id).orElseThrow(
                            () -> CimException.answer(host.host() + ": the collection that was just created is gone"));
            for (UUID machine : machines) {
                CimFields member =
                        CimFields.NONE.with("Member", host.system(machine)).with("Collection", group.path());
                host.jobs().call(host.jobs().service(MANAGEMENT), "AddMember", member, LIMIT);
            }
            return group;
        }
    }

    void destroy(Group group) throws IOException {
        call(MANAGEMENT, "DestroyCollection", "Collection", group.path());
    }

    /**
     * Freezes all machines of a group at the same point in time.
     *
     * @throws HostJobs.UnknownEndException when the checkpoints may exist
     */
    Together takeCheckpoints(Group group, boolean isConsistent) throws IOException {
        synchronized (host) {
            String settings = new EmbeddedInstance("Msvm_VirtualSystemSnapshotSettingData")
                    .number("ConsistencyLevel", "uint8", isConsistent ? APPLICATION : CRASH)
                    .number("GuestBackupType", "uint8", COPY_BACKUP)
                    .flag("IgnoreNonSnapshottableDisks", true)
                    .xml();
            CimFields input = CimFields.NONE
                    .with("Collection", group.path())
                    .with("SnapshotSettings", settings)
                    .with("SnapshotType", RECOVERY);
            HostJobs.Done done = host.jobs().call(host.jobs().service(SNAPSHOTS), "CreateSnapshot", input, LIMIT);
            CimObject made = host.made(done, "ResultingSnapshotCollection", SNAPSHOT_CLASS, object -> true);
            Map<UUID, HostCheckpoint> checkpoints = new HashMap<>();
            for (CimObject object : host.cim()
                    .query("ASSOCIATORS OF {" + made.path().relative()
                            + "} WHERE AssocClass=Msvm_CollectedSnapshots ResultClass=" + HostCheckpoint.CLASS)) {
                HostCheckpoint checkpoint = HostCheckpoint.of(object);
                if (checkpoints.put(checkpoint.machine(), checkpoint) != null) {
                    throw CimException.answer(host.host() + ": expected one checkpoint of machine "
                            + checkpoint.machine() + " in the collection, found two");
                }
            }
            return new Together(made.path(), checkpoints);
        }
    }

    /** The collection that a checkpoint was taken in; empty for one of a single machine. */
    Optional<CimPath> around(HostCheckpoint checkpoint) throws IOException {
        synchronized (host) {
            return host
                    .cim()
                    .query("ASSOCIATORS OF {" + checkpoint.path().relative()
                            + "} WHERE AssocClass=Msvm_CollectedSnapshots ResultClass=" + SNAPSHOT_CLASS)
                    .stream()
                    .map(CimObject::path)
                    .findFirst();
        }
    }

    /** Destroys all checkpoints that were taken together. */
    void destroyCheckpoints(CimPath together) throws IOException {
        call(SNAPSHOTS, "DestroySnapshot", "AffectedSnapshotCollection", together);
    }

    /**
     * Makes reference points of all checkpoints that were taken together.
     *
     * @return each machine's
     * @throws HostJobs.UnknownEndException when they may exist
     */
    Map<UUID, ReferencePoint> convert(CimPath together) throws IOException {
        synchronized (host) {
            CimFields input = CimFields.NONE.with("AffectedSnapshotCollection", together);
            HostJobs.Done done =
                    host.jobs().call(host.jobs().service(SNAPSHOTS), "ConvertToReferencePoint", input, LIMIT);
            CimObject made = host.made(done, "ResultingReferencePointCollection", POINT_CLASS, object -> true);
            Map<UUID, ReferencePoint> points = new HashMap<>();
            for (CimObject object : host.cim()
                    .query("ASSOCIATORS OF {" + made.path().relative()
                            + "} WHERE AssocClass=Msvm_CollectedReferencePoints ResultClass=" + ReferencePoint.CLASS)) {
                ReferencePoint point = ReferencePoint.of(object);
                points.put(point.machine(), point);
            }
            return points;
        }
    }

    private void call(String service, String method, String parameter, CimPath path) throws IOException {
        synchronized (host) {
            host.jobs().call(host.jobs().service(service), method, CimFields.NONE.with(parameter, path), LIMIT);
        }
    }
}
