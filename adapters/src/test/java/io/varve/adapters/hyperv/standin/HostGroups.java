package io.varve.adapters.hyperv.standin;

import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import io.varve.adapters.hyperv.cim.EmbeddedInstance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Collections of machines: checkpoints and reference points of several at one moment. That a reference point of a
 * collection can be destroyed on its own, and that a VHD set's frozen state is found by the SnapshotId of its settings,
 * is assumed.
 */
final class HostGroups {
    private static final String GROUP = "Msvm_VirtualSystemCollection";
    private static final String CHECKPOINTS = "Msvm_SnapshotCollection";
    private static final String POINTS = "Msvm_ReferencePointCollection";
    private static final int INVALID_PARAMETER = 32773;

    private record Group(UUID id, String name, Set<UUID> members) {}

    private record Together(UUID id, UUID group, Map<StandInMachine, StandInMachine.Snapshot> snapshots) {}

    private record Points(UUID id, List<StandInMachine.Point> points) {}

    private final StandInHost host;
    private final HostMethods methods;
    private final Map<UUID, Group> groups = new LinkedHashMap<>();
    private final Map<UUID, Together> checkpoints = new LinkedHashMap<>();
    private final Map<UUID, Points> points = new LinkedHashMap<>();

    HostGroups(StandInHost host, HostMethods methods) {
        this.host = host;
        this.methods = methods;
    }

    /** A group of another product. */
    UUID add(String name, List<StandInMachine> members) {
        Group group = new Group(UUID.randomUUID(), name, new LinkedHashSet<>());
        members.forEach(member -> group.members().add(member.id));
        groups.put(group.id(), group);
        return group.id();
    }

    /** Ids of groups, of checkpoints that were taken together, and of points that were made together. */
    List<UUID> groupIds() {
        return List.copyOf(groups.keySet());
    }

    int checkpointCount() {
        return checkpoints.size();
    }

    private static CimObject row(String className, UUID id, String name) {
        return new CimObject(
                CimPath.of(className, "CollectionID", StandInHost.text(id)),
                CimFields.NONE.with("CollectionID", StandInHost.text(id)).with("ElementName", name));
    }

    List<CimObject> rows() {
        return groups.values().stream()
                .map(group -> row(GROUP, group.id(), group.name()))
                .toList();
    }

    /** What the associations of collections lead to; empty for any other association. */
    Optional<List<CimObject>> associated(CimPath path, String association, String result) {
        return switch (association) {
            case "Msvm_CollectedVirtualSystems" -> Optional.of(ofMachines(path));
            case "Msvm_CollectedSnapshots" -> Optional.of(ofCheckpoints(path, result));
            case "Msvm_SnapshotOfVirtualSystemCollection" ->
                Optional.of(checkpoints.values().stream()
                        .filter(each -> StandInHost.text(each.group()).equals(path.key("CollectionID")))
                        .map(each -> row(CHECKPOINTS, each.id(), "checkpoints"))
                        .toList());
            case "Msvm_CollectedReferencePoints" -> Optional.of(ofPoints(path));
            default -> Optional.empty();
        };
    }

    private List<CimObject> ofMachines(CimPath path) {
        if (path.className().equals(GROUP)) {
            return group(path).stream()
                    .flatMap(group -> group.members().stream())
                    .filter(host.machines::containsKey)
                    .map(id -> host.system(host.machines.get(id)))
                    .toList();
        }
        return groups.values().stream()
                .filter(group -> group.members().contains(UUID.fromString(path.key("Name"))))
                .map(group -> row(GROUP, group.id(), group.name()))
                .toList();
    }

    private List<CimObject> ofCheckpoints(CimPath path, String result) {
        List<CimObject> rows = new ArrayList<>();
        for (Together together : checkpoints.values()) {
            for (Map.Entry<StandInMachine, StandInMachine.Snapshot> each :
                    together.snapshots().entrySet()) {
                CimObject settings =
                        host.settings(each.getKey(), each.getValue().id(), "Snapshot:Recovery");
                if (result.equals(CHECKPOINTS) && settings.path().equals(path)) {
                    rows.add(row(CHECKPOINTS, together.id(), "checkpoints"));
                } else if (!result.equals(CHECKPOINTS)
                        && path.key("CollectionID").equals(StandInHost.text(together.id()))) {
                    rows.add(settings);
                }
            }
        }
        return rows;
    }

    private List<CimObject> ofPoints(CimPath path) {
        List<CimObject> rows = new ArrayList<>();
        for (Points made : points.values()) {
            if (StandInHost.text(made.id()).equals(path.key("CollectionID"))) {
                host.machines
                        .values()
                        .forEach(machine -> machine.points.stream()
                                .filter(made.points()::contains)
                                .forEach(point -> rows.add(host.pointRow(machine, point))));
            }
        }
        return rows;
    }

    private Optional<Group> group(CimPath path) {
        return Optional.ofNullable(groups.get(UUID.fromString(path.key("CollectionID"))));
    }

    CimFields call(String method, CimFields input) throws IOException {
        return switch (method) {
            case "DefineCollection" ->
                methods.job(method, () -> {
                    Group group =
                            new Group(UUID.fromString(input.text("Id")), input.text("Name"), new LinkedHashSet<>());
                    groups.put(group.id(), group);
                    return Optional.of(row(GROUP, group.id(), group.name()));
                });
            case "AddMember" ->
                methods.job(method, () -> {
                    group(input.reference("Collection").orElseThrow())
                            .orElseThrow()
                            .members()
                            .add(UUID.fromString(
                                    input.reference("Member").orElseThrow().key("Name")));
                    return Optional.empty();
                });
            case "DestroyCollection" ->
                methods.job(method, () -> {
                    groups.remove(group(input.reference("Collection").orElseThrow())
                            .orElseThrow()
                            .id());
                    return Optional.empty();
                });
            case "CreateSnapshot" -> freeze(input);
            case "DestroySnapshot" -> destroy(input);
            case "ConvertToReferencePoint" -> convert(input);
            default -> throw new IOException("no method " + method);
        };
    }

    private CimFields freeze(CimFields input) throws IOException {
        CimFields settings = EmbeddedInstance.parse(input.text("SnapshotSettings"));
        host.violated(host.schema.faults("Msvm_VirtualSystemSnapshotSettingData", settings));
        Group group = group(input.reference("Collection").orElseThrow()).orElseThrow();
        List<StandInMachine> members =
                group.members().stream().map(host.machines::get).toList();
        if (input.number("SnapshotType") != 2 || members.contains(null)) {
            return CimFields.NONE.with("ReturnValue", INVALID_PARAMETER);
        }
        if (members.stream().anyMatch(member -> !member.toMerge.isEmpty())) {
            return CimFields.NONE.with("ReturnValue", 32774);
        }
        int consistency = (int) settings.number("ConsistencyLevel");
        return methods.job("CreateSnapshot", () -> {
            Together together = new Together(UUID.randomUUID(), group.id(), new LinkedHashMap<>());
            Map<StandInDisk, StandInDisk.Layer> frozen = new LinkedHashMap<>();
            for (StandInMachine member : members) {
                together.snapshots().put(member, member.freeze(true, consistency, frozen));
            }
            checkpoints.put(together.id(), together);
            return Optional.of(row(CHECKPOINTS, together.id(), "checkpoints"));
        });
    }

    private Optional<Together> together(CimFields input) throws IOException {
        CimPath path = input.reference("AffectedSnapshotCollection").orElseThrow();
        return Optional.ofNullable(checkpoints.get(UUID.fromString(path.key("CollectionID"))));
    }

    private CimFields destroy(CimFields input) throws IOException {
        Optional<Together> found = together(input);
        if (found.isEmpty()) {
            return CimFields.NONE.with("ReturnValue", INVALID_PARAMETER);
        }
        return methods.job("DestroySnapshot", () -> {
            remove(found.get());
            return Optional.empty();
        });
    }

    private void remove(Together together) {
        together.snapshots().forEach((machine, snapshot) -> {
            machine.snapshots.remove(snapshot);
            machine.toMerge.addAll(snapshot.frozen().values());
        });
        checkpoints.remove(together.id());
    }

    private CimFields convert(CimFields input) throws IOException {
        Optional<Together> found = together(input);
        if (found.isEmpty()) {
            return CimFields.NONE.with("ReturnValue", INVALID_PARAMETER);
        }
        return methods.job("ConvertToReferencePoint", () -> {
            List<StandInMachine.Point> made = new ArrayList<>();
            found.get()
                    .snapshots()
                    .forEach((machine, snapshot) -> made.add(
                            methods.point(machine, snapshot.id(), snapshot.consistency(), snapshot.moments()::get)));
            remove(found.get());
            UUID id = UUID.randomUUID();
            points.put(id, new Points(id, made));
            return Optional.of(row(POINTS, id, "points"));
        });
    }

    /** Whether a checkpoint belongs to others, so that it cannot be destroyed on its own. */
    boolean isTogether(StandInMachine.Snapshot snapshot) {
        return checkpoints.values().stream().anyMatch(each -> each.snapshots().containsValue(snapshot));
    }
}
