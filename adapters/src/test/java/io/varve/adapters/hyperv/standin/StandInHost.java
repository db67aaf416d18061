package io.varve.adapters.hyperv.standin;

import io.varve.adapters.hyperv.cim.Cim;
import io.varve.adapters.hyperv.cim.CimFields;
import io.varve.adapters.hyperv.cim.CimObject;
import io.varve.adapters.hyperv.cim.CimPath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Hyper-V host for tests: machines with real VHDX files, checkpoints, reference points, change tracking and merges,
 * shown as WMI objects. Everything it shows and is asked is held against the public reference.
 */
public final class StandInHost {
    /** Where the machines' files are, as the host calls it. */
    public static final String DRIVE = "D:\\VMs";

    /** A share of another computer that it may write to. */
    public static final String SHARE = "\\\\nas\\staging";

    private static final Pattern SELECT =
            Pattern.compile("SELECT \\* FROM (\\w+)(?: WHERE (\\w+)='((?:[^'\\\\]|\\\\.)*)')?");
    private static final Pattern ASSOCIATORS =
            Pattern.compile("ASSOCIATORS OF \\{(.+)} WHERE AssocClass=(\\w+) ResultClass=(\\w+)");
    private static final Pattern KEY = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String SETTINGS = "Msvm_VirtualSystemSettingData";
    private static final String STORAGE = "Msvm_StorageAllocationSettingData";
    private static final String RESOURCES = "Msvm_ResourceAllocationSettingData";
    private static final String POINT = "Msvm_VirtualSystemReferencePoint";

    final Path folder;
    final Schema schema = Schema.load();
    final Map<UUID, StandInMachine> machines = new LinkedHashMap<>();
    final List<StandInMachine> known = new ArrayList<>(); // also those that were removed
    private final Faults faults = new Faults();
    private final HostMethods methods = new HostMethods(this);
    private final List<String> violations = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private Optional<StandInMachine> toStart = Optional.empty();
    private int looksBefore;

    /** @param folder where its drive is really */
    public StandInHost(Path folder) {
        this.folder = folder;
        folder.resolveSibling("share").toFile().mkdirs();
    }

    /** Where its drive is really. */
    public Path folderHere() {
        return folder;
    }

    public String name() {
        return "HOST1";
    }

    public Faults faults() {
        return faults;
    }

    /** Requests and answers that the reference does not know. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Methods that were called, in order. */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    public synchronized StandInMachine addMachine(String machineName) throws IOException {
        StandInMachine machine = new StandInMachine(machineName, folder.resolve(machineName));
        machines.put(machine.id, machine);
        known.add(machine);
        return machine;
    }

    /** Removes a machine, as an operator does. Its files stay. */
    public synchronized void remove(StandInMachine machine) {
        machines.remove(machine.id);
    }

    /** The machine with this GUID; empty when there is none. */
    public synchronized Optional<StandInMachine> machine(UUID id) {
        return Optional.ofNullable(machines.get(id));
    }

    /** Somebody starts a machine just before its state is asked for so many times. */
    public synchronized void startAfter(StandInMachine machine, int looks) {
        toStart = Optional.of(machine);
        looksBefore = looks;
    }

    /** A group that another product made. @return its id */
    public synchronized UUID addGroup(String groupName, StandInMachine... members) {
        return methods.groups().add(groupName, List.of(members));
    }

    /** Ids of the groups of machines. */
    public synchronized List<UUID> groups() {
        return methods.groups().groupIds();
    }

    /** How many checkpoints of groups there are. */
    public synchronized int groupCheckpoints() {
        return methods.groups().checkpointCount();
    }

    /** How many planned machines there are. */
    public synchronized int plannedMachines() {
        return methods.importing().rows().size();
    }

    /** A checkpoint of a user, or of another product. @return its InstanceID */
    public synchronized String freeze(StandInMachine machine, boolean isRecovery) throws IOException {
        return instanceId(machine.freeze(isRecovery, 2).id());
    }

    /** A reference point of another product. @return its InstanceID */
    public synchronized String addPoint(StandInMachine machine) {
        return methods.point(machine, machine.id, 2, disk -> disk.moment()).id();
    }

    /** The backup's checkpoints are gone, as after a move to another host. */
    public synchronized void vanish(StandInMachine machine) throws IOException {
        for (StandInMachine.Snapshot snapshot : List.copyOf(machine.snapshots)) {
            machine.snapshots.remove(snapshot);
            machine.toMerge.addAll(snapshot.frozen().values());
        }
        machine.mergeAll();
    }

    /** Somebody removes a checkpoint; its files are merged. */
    public synchronized void removeCheckpoint(StandInMachine machine, String id) throws IOException {
        for (StandInMachine.Snapshot snapshot : List.copyOf(machine.snapshots)) {
            if (instanceId(snapshot.id()).equals(id)) {
                machine.snapshots.remove(snapshot);
                machine.toMerge.addAll(snapshot.frozen().values());
                machine.mergeAll();
            }
        }
    }

    /** The machine is on another host for now: its checkpoints travel, its reference points do not. */
    public synchronized void moveAway(StandInMachine machine) {
        machines.remove(machine.id);
        machine.points.clear();
    }

    /** It comes back. */
    public synchronized void comeBack(StandInMachine machine) {
        machines.put(machine.id, machine);
    }

    /** Its WMI without a connection between, for many nights. */
    public Cim cim() {
        return new Cim() {
            @Override
            public String host() {
                return name();
            }

            @Override
            public List<CimObject> query(String wql) throws IOException {
                return StandInHost.this.query(wql);
            }

            @Override
            public Optional<CimObject> find(CimPath path) throws IOException {
                return StandInHost.this.find(path);
            }

            @Override
            public CimFields invoke(CimPath object, String method, CimFields input) throws IOException {
                return StandInHost.this.invoke(object, method, input);
            }

            @Override
            public void close() {}
        };
    }

    /** Another product removes a reference point. */
    public synchronized void removePoint(StandInMachine machine, String id) {
        machine.points.removeIf(point -> point.id().equals(id));
    }

    /** InstanceIDs of the checkpoints and reference points that a machine has. */
    public synchronized List<String> objects(StandInMachine machine) {
        List<String> ids = new ArrayList<>();
        machine.snapshots.forEach(snapshot -> ids.add(instanceId(snapshot.id())));
        machine.points.forEach(point -> ids.add(point.id()));
        return ids;
    }

    static String instanceId(UUID id) {
        return "Microsoft:" + text(id);
    }

    static String text(UUID id) {
        return id.toString().toUpperCase(Locale.ROOT);
    }

    String hostPath(Path file) {
        if (file.toAbsolutePath()
                .normalize()
                .startsWith(share().toAbsolutePath().normalize())) {
            Path below = share().toAbsolutePath()
                    .normalize()
                    .relativize(file.toAbsolutePath().normalize());
            return SHARE + "\\" + below.toString().replace('/', '\\');
        }
        return DRIVE + "\\" + folder.relativize(file).toString().replace('/', '\\');
    }

    /** Where a file or folder is really. */
    Path here(String hostPath) throws IOException {
        for (String root : List.of(DRIVE, SHARE)) {
            if (hostPath.startsWith(root + "\\")) {
                Path top = root.equals(DRIVE) ? folder : share();
                return top.resolve(hostPath.substring(root.length() + 1).replace('\\', '/'));
            }
        }
        throw new IOException(hostPath + ": neither on " + DRIVE + " nor on " + SHARE);
    }

    /** Where its share is really. */
    public Path share() {
        return folder.resolveSibling("share");
    }

    void violated(List<String> found) {
        violations.addAll(found);
    }

    // What WMI shows

    synchronized List<CimObject> query(String wql) throws IOException {
        Matcher select = SELECT.matcher(wql);
        List<CimObject> rows;
        if (select.matches()) {
            String className = select.group(1);
            String property = select.group(2);
            if (property != null && !schema.has(className, property)) {
                violations.add("no property " + className + "." + property + " for a query");
            }
            rows = rows(className);
            if (property != null) {
                String wanted = select.group(3).replaceAll("\\\\(.)", "$1");
                rows = rows.stream().filter(row -> has(row, property, wanted)).toList();
            }
        } else {
            rows = associated(wql);
        }
        rows.forEach(row -> violated(schema.faults(row.path().className(), row.fields())));
        return rows;
    }

    private static boolean has(CimObject row, String property, String wanted) {
        try {
            return row.fields().find(property).orElse("").equalsIgnoreCase(wanted);
        } catch (IOException e) {
            return false;
        }
    }

    synchronized Optional<CimObject> find(CimPath path) throws IOException {
        if (path.className().equals("Msvm_ConcreteJob")) {
            Optional<CimObject> job = methods.look(path);
            job.ifPresent(row -> violated(schema.faults(row.path().className(), row.fields())));
            return job;
        }
        return query("SELECT * FROM " + path.className()).stream()
                .filter(row -> row.path().equals(path))
                .findFirst();
    }

    synchronized CimFields invoke(CimPath path, String method, CimFields input) throws IOException {
        calls.add(path.className() + "." + method);
        violated(schema.faults(path.className(), method, "in", input));
        CimFields output = methods.call(path, method, input);
        violated(schema.faults(path.className(), method, "out", output));
        if (faults.isSilent(method)) {
            throw new IOException("the connection is gone");
        }
        return output;
    }

    private List<CimObject> rows(String className) throws IOException {
        List<CimObject> rows = new ArrayList<>();
        switch (className) {
            case "Msvm_ComputerSystem" -> {
                if (toStart.isPresent() && --looksBefore == 0) {
                    toStart.get().state(2);
                }
                for (StandInMachine machine : machines.values()) {
                    rows.add(system(machine));
                }
            }
            case SETTINGS -> {
                for (StandInMachine machine : machines.values()) {
                    rows.add(settings(machine, machine.id, "System:Realized"));
                    for (StandInMachine.Snapshot snapshot : machine.snapshots) {
                        String kind = snapshot.isRecovery() ? "Snapshot:Recovery" : "Snapshot:Realized";
                        rows.add(settings(machine, snapshot.id(), kind));
                    }
                }
                rows.addAll(methods.importing().settings());
            }
            case "Msvm_PlannedComputerSystem" -> rows.addAll(methods.importing().rows());
            case POINT ->
                machines.values()
                        .forEach(machine -> machine.points.forEach(point -> rows.add(pointRow(machine, point))));
            case "Msvm_VirtualSystemCollection" -> rows.addAll(methods.groups().rows());
            case "Msvm_VirtualSystemSnapshotService",
                    "Msvm_CollectionManagementService",
                    "Msvm_CollectionSnapshotService",
                    "Msvm_VirtualSystemReferencePointService",
                    "Msvm_VirtualSystemManagementService",
                    "Msvm_ImageManagementService" ->
                rows.add(new CimObject(
                        new CimPath(
                                className,
                                Map.of(
                                        "CreationClassName",
                                        className,
                                        "Name",
                                        "vmms",
                                        "SystemCreationClassName",
                                        "Msvm_ComputerSystem",
                                        "SystemName",
                                        name())),
                        CimFields.NONE));
            default -> violations.add("nothing is known of class " + className);
        }
        return rows;
    }

    CimObject system(StandInMachine machine) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("CreationClassName", "Msvm_ComputerSystem");
        keys.put("Name", text(machine.id));
        return new CimObject(
                new CimPath("Msvm_ComputerSystem", keys),
                CimFields.NONE
                        .with("Name", text(machine.id))
                        .with("ElementName", machine.name)
                        .with("EnabledState", machine.state));
    }

    CimObject settings(StandInMachine machine, UUID id, String kind) {
        return new CimObject(
                CimPath.of(SETTINGS, "InstanceID", instanceId(id)),
                CimFields.NONE
                        .with("InstanceID", instanceId(id))
                        .with("ElementName", machine.name)
                        .with("VirtualSystemIdentifier", text(machine.id))
                        .with("VirtualSystemType", "Microsoft:Hyper-V:" + kind)
                        .with("Version", "10.0")
                        .with("ConfigurationDataRoot", hostPath(machine.folder))
                        .with("ConfigurationFile", "Snapshots\\config.vmcx"));
    }

    CimObject pointRow(StandInMachine machine, StandInMachine.Point point) {
        return new CimObject(
                new CimPath(POINT, Map.of("InstanceID", point.id(), "VirtualSystemIdentifier", text(machine.id))),
                CimFields.NONE
                        .with("InstanceID", point.id())
                        .with("VirtualSystemIdentifier", text(machine.id))
                        .with("ReferencePointType", 2)
                        .with("ConsistencyLevel", point.consistency())
                        .with("HasAssociatedData", "false")
                        .withTexts("VirtualDiskIdentifiers", point.disks())
                        .withTexts("ResilientChangeTrackingIdentifiers", point.changeIds()));
    }

    private List<CimObject> associated(String wql) throws IOException {
        Matcher matcher = ASSOCIATORS.matcher(wql);
        if (!matcher.matches()) {
            throw new IOException("no query that is understood: " + wql);
        }
        CimPath path = path(matcher.group(1));
        String association = matcher.group(2);
        String result = matcher.group(3);
        if (!schema.has(association) || !schema.has(result)) {
            violations.add("no class " + association + " or " + result);
        }
        if (association.equals("Msvm_AffectedJobElement")) {
            return methods.affected(path);
        }
        Optional<List<CimObject>> grouped = methods.groups().associated(path, association, result);
        if (grouped.isPresent()) {
            return grouped.get();
        }
        Optional<List<CimObject>> planned = methods.importing().disks(path.key("InstanceID"));
        if (planned.isPresent()) {
            return planned.get();
        }
        for (StandInMachine machine : machines.values()) {
            if (path.key("InstanceID").equals(instanceId(machine.id))) {
                if (!faults.neverMerges()) {
                    machine.mergeAll(); // as time goes by
                }
                return components(machine, machine.id, result, StandInDisk::leaf);
            }
            for (StandInMachine.Snapshot snapshot : machine.snapshots) {
                if (path.key("InstanceID").equals(instanceId(snapshot.id()))) {
                    return components(machine, snapshot.id(), result, snapshot.frozen()::get);
                }
            }
        }
        return List.of();
    }

    static CimPath path(String text) {
        Map<String, String> keys = new LinkedHashMap<>();
        Matcher key = KEY.matcher(text);
        while (key.find()) {
            keys.put(key.group(1), key.group(2).replaceAll("\\\\(.)", "$1"));
        }
        return new CimPath(text.substring(0, text.indexOf('.')), keys);
    }

    static String diskId(UUID owner, StandInDisk disk) {
        return instanceId(owner) + "\\" + StandInMachine.CONTROLLER + "\\0\\" + disk.place + "\\D";
    }

    private List<CimObject> components(
            StandInMachine machine, UUID owner, String result, Function<StandInDisk, StandInDisk.Layer> file) {
        List<CimObject> rows = new ArrayList<>();
        if (result.equals(RESOURCES)) {
            for (String label : machine.passThrough) {
                String id = instanceId(owner) + "\\" + label;
                rows.add(new CimObject(
                        CimPath.of(RESOURCES, "InstanceID", id),
                        CimFields.NONE
                                .with("InstanceID", id)
                                .with("ElementName", label)
                                .with("ResourceType", 17)
                                .with("ResourceSubType", "Microsoft:Hyper-V:Physical Disk Drive")));
            }
            return rows;
        }
        for (StandInDisk disk : machine.disks) {
            StandInDisk.Layer layer = file.apply(disk);
            if (layer != null && disk.set().isPresent()) { // a set has one path, and its frozen state an id
                CimObject row = storage(
                        diskId(owner, disk),
                        "Virtual Hard Disk",
                        hostPath(disk.set().get()));
                rows.add(
                        owner.equals(machine.id)
                                ? row
                                : new CimObject(
                                        row.path(), row.fields().with("SnapshotId", StandInDisk.snapshotId(layer))));
            } else if (layer != null) {
                rows.add(storage(diskId(owner, disk), "Virtual Hard Disk", hostPath(layer.file)));
            }
        }
        rows.add(storage(instanceId(owner) + "\\dvd\\1\\0\\D", "Virtual CD/DVD Disk", "C:\\install.iso"));
        return rows;
    }

    static CimObject storage(String id, String kind, String file) {
        return new CimObject(
                CimPath.of(STORAGE, "InstanceID", id),
                CimFields.NONE
                        .with("InstanceID", id)
                        .with("ResourceType", 31)
                        .with("ResourceSubType", "Microsoft:Hyper-V:" + kind)
                        .withTexts("HostResource", List.of(file)));
    }
}
